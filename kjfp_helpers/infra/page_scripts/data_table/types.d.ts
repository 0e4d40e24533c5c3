// What a table is made of, sent by the kernel (panels/tables/data_table.py) or read from a page that
// was written (page.js). Read by the type checker only.

/** HTML, every value escaped; what it is ordered by (its own text when left out); columns it fills. */
type TableCell = [html: string, key?: number | string | null, span?: number];

interface TableRow {
  cells: TableCell[];
  /** Words of the row under each filter. */
  groups: string[][];
  /** The drawn row, and what a search looks through; made when first needed. */
  node?: HTMLTableRowElement;
  text?: string;
}

interface TableColumn { title: string; right: boolean; nowrap: boolean; heading: boolean }

interface TableFilter { title: string; values: { word: string; tone: string }[] }

interface TableData {
  title: string; columns: TableColumn[]; rows: TableRow[]; filters: TableFilter[]; total: string[] | null;
  empty: string;
  /** Style class of a state word. */
  chip: string;
  /** The table of a written page that is taken over. */
  table?: HTMLTableElement;
}

/** What the table asks of its surroundings; what is missing is not offered. Rows count from 0. */
interface TableActs {
  open?(row: number): void; act?(row: number, act: string): void; save?(rows: number[]): void; narrowed?(rows: number[]): void;
}

interface TableModel {
  on(event: string, listener: (message: any, buffers: DataView[]) => void): void;
  off(event: string, listener: (message: any, buffers: DataView[]) => void): void;
  send(message: unknown): void;
}

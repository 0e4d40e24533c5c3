// What the page and its kernel exchange (the kernel's side: widgets/protocol.py), and what the modules
// of the page hand each other. Read by the type checker only.

type Answers = Record<string, number | string>;

interface Level { title: string; text: string; minimum: number; score: number | null }

/** A criterion with its levels, or a question with its options. */
interface Question {
  id: string; title: string; ask: string; weight?: number; levels?: Level[]; phrases?: string[]; options?: string[];
}

interface ScaleRules {
  minimum: number; maximum: number; step: number; comment_below: number; comment_from: number; allowed: string;
}

/** An item as the ledger holds it: one nomination under review, or one summary. */
interface ItemState {
  key: string; answers: Answers; comment: string; event_seq: number | null; undo_seq: number;
  parked: boolean; after_reveal?: boolean; note?: string;
}

interface ItemData extends ItemState {
  kind: string; label: string; anchor?: boolean; page?: string | null; proposed?: Record<string, string>;
}

/** An item on the page: what is typed, over what is saved. */
interface Item extends ItemData {
  saved: ItemData; texts: Record<string, string>; failed?: string | null; newer?: ItemState | null;
  finished?: boolean; photo?: string | null;
}

interface Declaration { event_seq: number; text: string; state: string; open: boolean }

interface PacketStatus {
  sealed?: number | null; revealed_at?: number | null; signed?: number | null; needs_new_signature?: boolean;
  recused?: number; relationships?: string[]; declarations?: Declaration[];
}

interface Welcome extends PacketStatus {
  title: string; noun: string; material: string; activity: string; can: string[]; packet: string; note: string;
  rehearsal: boolean; declared: boolean | number | null; closed: boolean; questions: Record<string, Question[]>;
  cases: ItemData[]; scale: ScaleRules | null; excluded_units?: string[]; relationship_kinds?: string[];
  readonly: boolean; locked: string;
}

/** A request to record something; `base_seq` is the state that the page saw. */
interface PageRequest {
  type: string; request_id?: string; case?: string; base_seq?: number | null | "follows"; answers?: Answers;
  comment?: string; parked?: boolean; reason?: string; kind?: string; statement?: string; none?: boolean;
  event_seq?: number; sent?: boolean; held?: boolean;
}

interface Reply extends PacketStatus {
  type: string; to: string; request_id?: string; event_seq?: number | null; case?: ItemState | null; gone?: string;
  reason?: string; retry?: boolean; renew?: boolean; readonly?: boolean; page?: string;
}

/** "" while the connection is well. */
type ConnectionState = "" | "lost" | "stuck" | "ended";

interface ConnectionListener {
  message(reply: Reply): void; tick(): void; state(state: ConnectionState): void;
}

interface InputListener {
  focus(input: any): void; answer(input: any, answer: number | string | undefined): void; onward(input: any): void;
  text(input: any, text: string | null): void; advanced(input: any): void; advances(): boolean;
}

interface FormListener {
  answer(id: string, answer: number | string | undefined): void; text(id: string, text: string | null): void;
  comment(text: string, now: boolean): void; advances(): boolean; next(): void; park(): void;
  recuse(reason: string, kind: string): void; addRelationships(): void;
}

interface BarListener {
  step(by: number): void; jump(key: string): void; filter(id: string): void; compare(): void; selfCheck(): void;
  resize(by: number): void; help(): void; undo(): void;
}

interface RankedRow { item: Item; index: number; total: number; text: string; rank: number }

/** `items` of a kind; `rows` with a total, in reading order; `sorted` by total. */
interface OwnRanking { items: Item[]; rows: RankedRow[]; sorted: RankedRow[] }

interface ElementProps {
  [name: string]: string | number | boolean | null | undefined | ((event: any) => unknown);
}

/** The part of an ipywidgets model that the page uses. */
interface WidgetModel {
  on(name: string, callback: (message: any) => void): void;
  off(name: string, callback: (message: any) => void): void;
  send(message: object): void;
  get(name: string): unknown;
  widget_manager?: { kernel?: any };
}

/** A line of the queue's list. */
interface ListedItem { key: string; group: string; about: string; told: string; done: boolean }

interface ListModel extends WidgetModel {
  get(name: "rows"): ListedItem[];
  get(name: "current"): string;
  get(name: "heard"): number;
}

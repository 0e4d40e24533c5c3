// The parts of JupyterLab 4 that remoteEntry.js uses. Read by the type checker only.

interface LabSignal<Value> { connect(slot: (sender: any, value: Value) => void): void }

interface LabCell {
  type: string; sharedModel: { getSource(): string };
  getMetadata(name: string): string[] | undefined; clearExecution(): void;
}

interface LabKernel {
  id: string; connectionStatus: string; isDisposed: boolean;
  requestKernelInfo(): Promise<unknown>; reconnect(): Promise<void>;
  _ws: WebSocket | null; _onWSClose?(event: Event): unknown; // Lab's own
}

interface LabSession {
  ready: Promise<void>; session: { kernel: LabKernel | null } | null; kernelPreference: { name: string };
  sessionManager: { refreshRunning(): Promise<void> }; statusChanged: LabSignal<string>;
  changeKernel(kernel: { name: string }): Promise<unknown>; restartKernel(): Promise<void>; connectionStatusChanged: LabSignal<string>;
}

interface LabContext {
  path: string; ready: Promise<void>; save(): Promise<unknown>; fileChanged: LabSignal<unknown>;
  model: { dirty: boolean; stateChanged: LabSignal<{ name: string; newValue: unknown }> };
}

/** A notebook that is open in Lab. */
interface LabNotebook {
  node: HTMLElement; isVisible: boolean; isDisposed: boolean; disposed: LabSignal<void>; revealed: Promise<void>;
  content: { node: HTMLElement; activeCellIndex: number; model: { cells: Iterable<LabCell> & { length: number } } };
  context: LabContext; contentHeader: { addWidget(widget: unknown): void }; toolbar: LabWidget; sessionContext: LabSession;
}

interface LabDialog { node: HTMLElement; isAttached: boolean; reject(): void }

interface LabServices {
  serverSettings: { baseUrl: string }; sessions: { refreshRunning(): Promise<void> };
  connectionFailure: LabSignal<unknown>;
}

interface LabWidget { id: string; hide(): void }

interface LabApp {
  started: Promise<void>; commands: { execute(id: string, args: object): Promise<unknown> };
  shell: { collapseLeft?(): void; layout: { widgets: Iterable<LabWidget> } }; serviceManager: LabServices;
}

interface LabTracker {
  find(test: (panel: LabNotebook) => boolean): LabNotebook; widgetAdded: LabSignal<LabNotebook>;
}

interface LabTranslator { load(domain: string): { __(text: string): string } }

/** The connection of a notebook's screen while it is lost. */
interface FormTexts { form: HTMLElement; content: string; fields: [HTMLInputElement | HTMLTextAreaElement, string][] }
interface Outage { asking: boolean; failed: boolean; reconnectedAt: number; end(): void }

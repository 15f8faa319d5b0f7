import type { MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";

// The one list of what can be done by name. From it come the key bindings, the help sheet, the keys in tooltips and the
// commands of the palette. A part of the console that can do one of these says so with `useShortcuts`; what nobody on the
// page can do has no key and no entry.

export type Group = "everywhere" | "go" | "list" | "operation" | "show";

export type Shortcut = {
  /** "k", "Mod+k" (Ctrl, or ⌘ on a Mac), or a sequence such as "g o". */
  keys: readonly string[];
  group: Group;
  label: MessageDescriptor;
  /** What people may call it as well, in both languages: the palette finds it by these. */
  words: string;
  /** Not in the palette: it needs a row or a place that the palette takes away. */
  keyOnly?: true;
};

export const SHORTCUTS = {
  palette: {
    keys: ["Mod+k"],
    group: "everywhere",
    label: msg`Search and commands`,
    words: "",
    keyOnly: true,
  },
  help: {
    keys: ["?"],
    group: "everywhere",
    label: msg`Keyboard shortcuts`,
    words: "help keys shortcuts hulp toetsen sneltoetsen uitleg",
  },
  rail: {
    keys: ["["],
    group: "everywhere",
    label: msg`Fold or unfold the menu`,
    words: "sidebar rail collapse menu zijbalk inklappen",
  },
  goOperations: {
    keys: ["g o"],
    group: "go",
    label: msg`Go to operations`,
    words: "list zaken lijst naar ga",
  },
  goOverview: {
    keys: ["g v"],
    group: "go",
    label: msg`Go to the overview`,
    words: "home dashboard overzicht naar ga",
  },
  goApprovals: {
    keys: ["g a"],
    group: "go",
    label: msg`Go to approvals`,
    words: "consent four eyes goedkeuringen akkoord vier ogen naar ga",
  },
  goInbox: {
    keys: ["g n"],
    group: "go",
    label: msg`Go to the inbox`,
    words: "notices notifications mentions meldingen vermeldingen postvak naar ga",
  },
  goBulk: {
    keys: ["g b"],
    group: "go",
    label: msg`Go to bulk jobs`,
    words: "bulk jobs many taken stapel naar ga",
  },
  goSignals: {
    keys: ["g s"],
    group: "go",
    label: msg`Go to signals`,
    words: "providers webhooks inbox aanbieders signalen naar ga",
  },
  goAlerts: {
    keys: ["g e"],
    group: "go",
    label: msg`Go to alerts`,
    words: "unusual deviations alarms afwijkingen meldingen alarm naar ga",
  },
  goReports: {
    keys: ["g r"],
    group: "go",
    label: msg`Go to reports`,
    words: "charts numbers rapporten cijfers grafieken naar ga",
  },
  goPeople: {
    keys: [],
    group: "go",
    label: msg`Go to people`,
    words: "users access roles mensen personen gebruikers toegang naar ga",
  },
  goRoles: {
    keys: [],
    group: "go",
    label: msg`Go to roles`,
    words: "permissions grants matrix rollen rechten naar ga",
  },
  goSources: {
    keys: [],
    group: "go",
    label: msg`Go to sources`,
    words: "providers webhooks secrets mappings aanbieders bronnen naar ga",
  },
  goTokens: {
    keys: [],
    group: "go",
    label: msg`Go to tokens`,
    words: "keys api programs sleutels programma naar ga",
  },
  goSignIns: {
    keys: [],
    group: "go",
    label: msg`Go to sign-ins`,
    words: "sessions login events refused locked sessies aanmeldingen inloggen geweigerd naar ga",
  },
  goChecks: {
    keys: [],
    group: "go",
    label: msg`Go to checks`,
    words: "velocity limits block list examinations controles grenzen blokkeren naar ga",
  },
  goWebhooks: {
    keys: ["g w"],
    group: "go",
    label: msg`Go to webhooks`,
    words: "endpoints deliveries slack teams eindpunten bezorgingen naar ga",
  },
  goAudit: {
    keys: [],
    group: "go",
    label: msg`Go to the audit log`,
    words: "changes access review log wijzigingen toegang controle naar ga",
  },
  goQueue: {
    keys: ["g q"],
    group: "go",
    label: msg`Go to my queue`,
    words: "queue mine work play wachtrij werk doorwerken mijn naar ga",
  },
  goWaiting: {
    keys: [],
    group: "go",
    label: msg`Go to what waits on people`,
    words: "operator waiting work werk medewerker wacht naar ga",
  },
  filter: {
    keys: ["/"],
    group: "list",
    label: msg`Filter the list`,
    words: "search query filter zoek zoeken filteren",
  },
  clearFilter: {
    keys: [],
    group: "list",
    label: msg`Clear the filter`,
    words: "reset remove all filter leeg wissen alles",
  },
  newestFirst: {
    keys: [],
    group: "list",
    label: msg`Newest first`,
    words: "sort order created descending sorteer volgorde nieuwste aangemaakt",
  },
  oldestFirst: {
    keys: [],
    group: "list",
    label: msg`Oldest first`,
    words: "sort order created ascending sorteer volgorde oudste aangemaakt",
  },
  deadlineFirst: {
    keys: [],
    group: "list",
    label: msg`First deadline first`,
    words: "sort order due sorteer volgorde deadline termijn",
  },
  nextRow: { keys: ["j"], group: "list", label: msg`Next row`, words: "", keyOnly: true },
  previousRow: { keys: ["k"], group: "list", label: msg`Previous row`, words: "", keyOnly: true },
  selectRow: { keys: ["x"], group: "list", label: msg`Select the row`, words: "", keyOnly: true },
  selectPage: {
    keys: ["X"],
    group: "list",
    label: msg`Select all that are shown`,
    words: "tick rows page selecteer alles pagina regels",
  },
  selectMatching: {
    keys: ["A"],
    group: "list",
    label: msg`Select everything that matches this filter`,
    words: "all bulk selecteer alles filter",
  },
  bulk: {
    keys: ["b"],
    group: "list",
    label: msg`Take a step in bulk`,
    words: "many move reject approve bulk stapel afwijzen goedkeuren verplaatsen",
  },
  facets: {
    keys: ["f", "\\"],
    group: "list",
    label: msg`Show or hide the facets`,
    words: "sidebar counts values facetten aantallen waarden",
  },
  views: {
    keys: ["v"],
    group: "list",
    label: msg`Views`,
    words: "saved view weergave weergaven opgeslagen",
  },
  columns: {
    keys: ["c"],
    group: "list",
    label: msg`Choose columns`,
    words: "fields kolommen velden kiezen",
  },
  showNew: {
    keys: ["r"],
    group: "list",
    label: msg`Show what is new`,
    words: "refresh reload verversen vernieuwen nieuwe tonen",
  },
  noticeDone: { keys: ["e"], group: "list", label: msg`Done with it`, words: "", keyOnly: true },
  noticeSnooze: {
    keys: ["#"],
    group: "list",
    label: msg`Put it off until tomorrow`,
    words: "snooze later uitstellen morgen",
    keyOnly: true,
  },
  noticeMute: { keys: ["m"], group: "list", label: msg`Mute the operation`, words: "", keyOnly: true },
  noticeUndo: {
    keys: ["z"],
    group: "list",
    label: msg`Not done after all`,
    words: "undo ongedaan terug",
  },
  playNext: {
    keys: ["n"],
    group: "operation",
    label: msg`Work through: start, or next`,
    words: "play next queue doorwerken volgende wachtrij",
  },
  playSkip: {
    keys: [],
    group: "operation",
    label: msg`Skip this one, and say why`,
    words: "pass over overslaan",
  },
  claim: {
    keys: ["e"],
    group: "operation",
    label: msg`Pick up, or let go`,
    words: "claim release take oppakken loslaten",
  },
  assign: {
    keys: [],
    group: "operation",
    label: msg`Assign…`,
    words: "assignee give team toewijzen behandelaar",
  },
  snooze: {
    keys: ["#"],
    group: "operation",
    label: msg`Snooze…`,
    words: "put off later uitstellen",
  },
  note: {
    keys: ["m"],
    group: "operation",
    label: msg`Write a note`,
    words: "comment mention notitie opmerking",
  },
  next: { keys: ["n"], group: "operation", label: msg`Next operation in the list`, words: "", keyOnly: true },
  previous: {
    keys: ["p"],
    group: "operation",
    label: msg`Previous operation in the list`,
    words: "",
    keyOnly: true,
  },
  copyNumber: {
    keys: ["y"],
    group: "operation",
    label: msg`Copy the number`,
    words: "reference clipboard kopieer kopiëren nummer klembord",
  },
  copyLink: {
    keys: ["Y"],
    group: "operation",
    label: msg`Copy a link`,
    words: "url address clipboard kopieer kopiëren koppeling klembord",
  },
  close: {
    keys: ["Escape"],
    group: "operation",
    label: msg`Close, or back to the list`,
    words: "",
    keyOnly: true,
  },
  density: {
    keys: ["d"],
    group: "show",
    label: msg`Next row height`,
    words: "density compact spacious dichtheid ruim regelhoogte",
  },
  compact: {
    keys: [],
    group: "show",
    label: msg`Compact rows`,
    words: "density dense dichtheid dicht klein regels",
  },
  normal: { keys: [], group: "show", label: msg`Normal rows`, words: "density dichtheid gewoon regels" },
  wide: { keys: [], group: "show", label: msg`Wide rows`, words: "density spacious dichtheid ruim regels" },
  light: { keys: [], group: "show", label: msg`Light theme`, words: "mode day thema licht dag" },
  dark: { keys: [], group: "show", label: msg`Dark theme`, words: "mode night thema donker nacht" },
  systemTheme: { keys: [], group: "show", label: msg`Theme of the system`, words: "mode auto thema systeem" },
  dutch: { keys: [], group: "show", label: msg`Nederlands`, words: "dutch language taal nl" },
  english: { keys: [], group: "show", label: msg`English`, words: "engels language taal en" },
  showAll: {
    keys: [],
    group: "list",
    label: msg`Filter: every status`,
    words: "all status alles alle iedere",
  },
  showPending: {
    keys: [],
    group: "list",
    label: msg`Filter: Pending`,
    words: "status open wachtend in afwachting lopend",
  },
  showSuccess: {
    keys: [],
    group: "list",
    label: msg`Filter: Success`,
    words: "status done gelukt succesvol klaar",
  },
  showError: { keys: [], group: "list", label: msg`Filter: Error`, words: "status failed fout mislukt" },
  showRejected: {
    keys: [],
    group: "list",
    label: msg`Filter: Rejected`,
    words: "status declined refused afgewezen geweigerd",
  },
} as const satisfies Record<string, Shortcut>;

export type ShortcutName = keyof typeof SHORTCUTS;

export const SHORTCUT_NAMES = Object.keys(SHORTCUTS) as ShortcutName[];

export function shortcutOf(name: ShortcutName): Shortcut {
  return SHORTCUTS[name];
}

/** Needs no modifier and types a character: speech input triggers it by accident, so it can be switched off (WCAG 2.1.4). */
export function isCharacterKey(keys: string): boolean {
  return !keys.includes("Mod+") && keys.split(" ").some((key) => key.length === 1);
}

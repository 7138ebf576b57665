import type { Texts } from "../texts.js";

const again = "Warten Sie einen Moment und versuchen Sie es dann noch einmal.";

/** texts are the page's in German. */
export const texts: Texts = {
  language: "de",

  page: {
    title: "casey – üben Sie Ihr Vorstellungsgespräch",
    description: "Üben Sie ein Vorstellungsgespräch laut, mit einem Gegenüber, das zuhört.",
    language: "Sprache",
    recording: "Aufnahme",
    settings: "Einstellungen",
    interviewer: "Interviewer",
    headline: "Üben Sie Ihr Vorstellungs\u00adgespräch. Laut.",
    whichInterview: "Welches Gespräch?",
    howHard: "Wie schwer?",
    whichLanguage: "In welcher Sprache?",
    job: "Ihre Stelle",
    jobPrivacy:
      "Sagen Sie, worum Sie sich bewerben, dann geht es im Gespräch darum. Dateien liest Ihr Browser selbst. Was Sie angeben, geht an die Interviewerin oder den Interviewer, bleibt bis zum Ende bei diesem Gespräch und wird nicht protokolliert. Diese Seite merkt es sich nur, solange dieser Tab offen ist.",
    jobRole: "Stelle",
    jobAdvertisement: "Stellenanzeige",
    jobCV: "Ihr Lebenslauf",
    jobFocus: "Nur eine Frage üben",
    jobMinutes: "Wie lange?",
    jobFile: "Datei wählen",
    jobFiles: "Schreiben, einfügen oder eine Datei hierher ziehen: Text, PDF oder Word (.docx).",
    jobForget: "Alles leeren",
    anew: "Ein neues beginnen",
    checkMicrophone: "Mikrofon prüfen",
    microphoneCheck: "Mikrofonprüfung",
    microphone: "Mikrofon",
    howLoud: "Wie laut Sie sind",
    hearYourself: "Sich selbst hören: drei Sekunden",
    past: "Ihre bisherigen Gespräche",
    practising: "Sie üben:",
    unpractise: "Diese nicht",
    hintPermission: "Ihr Browser wird nach dem Mikrofon fragen.",
    hintHeadphones: "Kopfhörer helfen, ein ruhiges Zimmer auch.",
    localBefore:
      "Dieses casey läuft nur auf diesem Computer: Nichts, was Sie sagen, verlässt ihn. Seine Spracherkennung ist ein kleines offenes Modell: ",
    localErrors: "Etwa eines von fünfundzwanzig Wörtern ist falsch",
    localAfter: ", bei Lärm mehr.",
    localForeign:
      "Sie kann nur Englisch: Was Sie in der Sprache dieses Gesprächs sagen, wird als englische Wörter verstanden. Sie selbst hören und lesen alles, wie es sein soll.",
    recordings: "Aufnahmen",
    captionsLabel: "Was gesagt wurde",
    tryAgain: "Noch einmal versuchen",
    own: "Sie",
    heard: "Bei casey",
    nudge: "Antwort",
    pause: "Pause",
    pauseTitle: "Später weitermachen",
    end: "Beenden",
    endTitle: "Beenden und Rückmeldung bekommen",
    captions: "Untertitel",
    captionsMore: "was Sie beide sagen, als Text",
    replyTime: "Antwortzeit",
    replyTimeMore: "wie lange casey für eine Antwort gebraucht hat",
    record: "Aufnehmen",
    recordMore: "nur auf diesem Computer, am Ende zu speichern",
    shortcuts: "Tastenkürzel",
    shortcutsMore: "M, T, P, C, L, R und ? für dieses Fenster",
    done: "Fertig",
  },

  persona: {
    face: (name) => `${name} führt das Gespräch`,
    heading: (name) => `Ihr Gespräch mit ${name}`,
    lead: (name) =>
      `${name} fragt, hört Ihnen zu und antwortet. Lassen Sie sich Zeit: Eine Pause zum Nachdenken ist willkommen.`,
    nudge: (name) => `${name} antwortet jetzt`,
    undrawn: (name) => `Der Avatar kann nicht gezeigt werden, darum ist ${name} gezeichnet.`,
  },

  choice: {
    levels: { gentle: "Sanft", usual: "Üblich", demanding: "Fordernd" },
    minutes: (n) => `${n} Min.`,
    start: "Gespräch beginnen",
    goOn: "Gespräch fortsetzen",
    another: "Ein weiteres Gespräch beginnen",
  },

  job: {
    optional: "wenn Sie mögen: Anzeige, Lebenslauf, eine Frage",
    told: "wird im Gespräch bekannt sein",
    kept: (name) => `${name} kennt, was Sie zur Stelle angegeben haben.`,
    minutesUsual: "So lange es dauert",
    reading: (file) => `${file} wird gelesen…`,
    read: (file) => `${file} ist gelesen. Sehen Sie sich den Text an.`,
    refused: {
      too_large: "Die Datei ist zu groß.",
      unknown: "Das ist keine Text-, PDF- oder Word-Datei (.docx). Kopieren Sie den Text und fügen Sie ihn ein.",
      encrypted: "Die Datei ist mit einem Passwort geschützt. Speichern Sie sie ohne, oder fügen Sie den Text ein.",
      broken: "Die Datei lässt sich nicht lesen. Kopieren Sie den Text und fügen Sie ihn ein.",
      encoding: "Die Datei ist kein Text in UTF-8. Speichern Sie sie als UTF-8, oder fügen Sie den Text ein.",
      empty: "In der Datei ist kein Text; vielleicht ist sie ein Bild. Schreiben Sie den Text oder fügen Sie ihn ein.",
      unloaded:
        "Was diese Datei liest, wurde nicht geladen. Prüfen Sie Ihre Verbindung und versuchen Sie es noch einmal, oder fügen Sie den Text ein.",
      long_line: "Die Stelle oder die Frage ist zu lang.",
      long_texts:
        "Die Texte sind zusammen zu lang: kürzen Sie auf etwa 48.000 Buchstaben. Bis dahin wird nichts davon gesendet.",
    },
  },

  microphone: {
    standard: "Das des Browsers",
    allow: "Bitte erlauben Sie das Mikrofon.",
    speak: "Sagen Sie etwas: Der Balken sollte sich bewegen.",
    heard: (name) => `${name} würde Sie hören.`,
    silent: "Noch ist nichts zu hören. Ist das Mikrofon an, und ist es das richtige?",
    take: "Aufnahme: Sagen Sie einen Satz.",
    unrecorded: "Ihr Browser nimmt es nicht auf, aber man würde Sie hören.",
    played: "So klingen Sie.",
    unplayed: "Ihr Browser spielt es nicht ab.",
  },

  troubles: {
    permission: {
      title: "{name} darf Sie nicht hören",
      text: "Ihr Browser hat dieser Seite das Mikrofon nicht erlaubt.",
      remedy:
        "Klicken Sie auf das Symbol neben der Adresse, erlauben Sie das Mikrofon und versuchen Sie es noch einmal.",
    },
    no_microphone: {
      title: "Kein Mikrofon gefunden",
      text: "Es gibt kein Mikrofon, das dieser Browser benutzen kann.",
      remedy:
        "Schließen Sie eines an oder schalten Sie es ein und versuchen Sie es noch einmal. Am besten ist ein Headset.",
    },
    microphone_busy: {
      title: "Das Mikrofon lässt sich nicht öffnen",
      text: "Vielleicht benutzt es ein anderes Programm.",
      remedy: "Beenden Sie andere Anrufe und Aufnahmen und versuchen Sie es noch einmal.",
    },
    microphone_lost: {
      title: "Ihr Mikrofon ist weg",
      text: "Es wurde abgezogen oder ausgeschaltet.",
      remedy: "Schließen Sie es wieder an; casey macht dann damit weiter.",
    },
    microphone_silenced: {
      title: "Ihr Mikrofon ist stumm",
      text: "Ihr System hat es stumm geschaltet.",
      remedy: "Beenden Sie den Anruf oder schalten Sie das Mikrofon ein; casey hört Sie dann wieder.",
    },
    recording: {
      title: "Es gibt keine Aufnahme",
      text: "Ihr Browser nimmt dieses Gespräch nicht auf.",
      remedy: "Das Gespräch geht ohne sie weiter.",
    },
    sound_blocked: {
      title: "Ihr Browser blockiert den Ton",
      text: "{name} spricht, aber diese Seite darf es nicht abspielen.",
      remedy: "Klicken Sie irgendwo auf die Seite.",
    },
    insecure: {
      title: "Diese Adresse ist nicht sicher",
      text: "Browser geben das Mikrofon nur https-Seiten und localhost.",
      remedy: "Öffnen Sie die Seite mit ihrer https-Adresse oder mit http://localhost auf diesem Computer.",
    },
    gateway: {
      title: "Casey ist nicht zu erreichen",
      text: "Die Verbindung zu caseys Server kommt nicht zustande.",
      remedy: "Prüfen Sie, ob Sie online sind. Wenn casey auf diesem Computer läuft, prüfen Sie, ob es das noch tut.",
    },
    unsupported: {
      title: "Ihr Browser stellt keine Verbindung her",
      text: "Er kann casey nicht anrufen oder darf es nicht.",
      remedy:
        "Benutzen Sie Firefox, Chrome, Edge oder Safari in einer aktuellen Version. Wenn Sie das schon tun, sagen Sie es den Betreibern dieses casey.",
    },
    no_answer: {
      title: "Niemand meldet sich",
      text: "Caseys Server hat Ihren Anruf angenommen, aber niemand kam, um das Gespräch zu führen.",
      remedy: again,
    },
    media: {
      title: "Der Ton kommt nicht durch",
      text: "Casey hat geantwortet, aber weder UDP noch TCP kommt zwischen Ihnen hindurch.",
      remedy:
        "Versuchen Sie ein anderes Netz, schalten Sie ein VPN aus oder bitten Sie die Betreiber der Firewall, WebRTC durchzulassen.",
    },
    lost: {
      title: "Die Verbindung ist verloren",
      text: "Sie ließ sich nicht wiederherstellen.",
      remedy: "Prüfen Sie Ihr Netz und versuchen Sie es noch einmal: Sie machen weiter, wo Sie waren.",
    },
    full: {
      title: "Alle Interviewer sind im Gespräch",
      text: "Es wurde nicht rechtzeitig ein Platz frei.",
      remedy: "Kommen Sie in einigen Minuten wieder.",
    },
    unavailable: {
      title: "{name} kann nicht sprechen",
      text: "Ein Dienst, den das Gespräch braucht, ist nicht da.",
      remedy: again,
    },
    anew: {
      title: "Ihr letztes Gespräch ist vorbei",
      text: "Es lässt sich nicht fortsetzen.",
      remedy: "Dies ist ein neues.",
    },
    ended: {
      title: "Dieses Gespräch ist vorbei",
      text: "Es lässt sich nicht fortsetzen.",
      remedy: "Sie können ein neues beginnen.",
    },
  },

  trouble: { title: "Das hat nicht geklappt", text: "Etwas ist fehlgeschlagen", remedy: again },

  status: {
    idle: "Bereit, wenn Sie es sind",
    microphone: "Bitte erlauben Sie das Mikrofon",
    connecting: "Verbindet…",
    restoring: "Verbindet neu…",
    ending: "Schreibt Ihre Rückmeldung…",
    over: "Das Gespräch ist vorbei",
    next: "Sie sind als Nächstes dran",
    ahead: (n) => (n === 1 ? "Eine Person vor Ihnen" : `${n}${n >= 100 ? " oder mehr" : ""} Personen vor Ihnen`),
  },

  doing: { listening: "Hört Ihnen zu", thinking: "Überlegt", speaking: "Spricht", paused: "Pause" },
  deaf: (name) => `${name} hört Sie nicht`,
  muted: "Sie sind stumm",
  mute: "Stumm",
  unmute: "Ton an",
  hearsAgain: (name) => `${name} hört Sie wieder.`,
  unloaded:
    "Ein Teil dieser Seite wurde nicht geladen. Prüfen Sie Ihre Verbindung und versuchen Sie es noch einmal; hilft das nicht, laden Sie die Seite neu.",
  hearsNothing: (name) =>
    `${name} hört nichts von Ihnen. Ist das das richtige Mikrofon? Sehen Sie in die Einstellungen.`,

  endings: {
    another_tab: "Es geht in einem anderen Tab weiter",
    left: "Pause: Sie können später weitermachen",
    drain: "Pause: casey wird aktualisiert",
    lost: "Das Gespräch ging verloren",
    internal: "Etwas ist fehlgeschlagen, das Gespräch ist vorbei",
  },
  lostForNow: "Die Verbindung ging verloren: Sie können weitermachen",
  after: {
    elsewhere: "Ihr Gespräch geht in einem anderen Tab weiter.",
    waits: (name) => `${name} wartet auf Sie.`,
    over: (name) => `Das war es mit ${name}. Gut gemacht.`,
  },

  latency: (seconds) => `Letzte Antwort nach ${seconds} s`,
  phase: (name, index, of) => `${name} · ${index} von ${of}`,
  left: {
    up: "Die Zeit ist um",
    little: "Noch weniger als eine Minute",
    minutes: (n) => `noch ${n} Min.`,
  },

  files: {
    own: "Speichern: Ihre Seite",
    both: "Speichern: Sie beide",
  },

  captions: { candidate: "Sie", cut: "unterbrochen" },

  report: {
    title: "Wie es lief",
    more: "Es wird noch weitergeschrieben…",
    writing: "Wird geschrieben…",
    good: "Was gut war",
    better: "Was Sie nächstes Mal versuchen können",
    questions: "Frage für Frage",
    delivery: "Wie Sie gesprochen haben",
    scores: "Bewertung",
    score: (score, of) => `${score} von ${of}`,
    scored: "Bewertung",
    unsure: "Die Spracherkennung war sich bei dieser Antwort nicht sicher, darum wird sie nicht bewertet.",
    said: "Sie sagten",
    strong: "Stark",
    missing: "Es fehlt",
    stronger: "Eine stärkere Antwort",
    quote: (text) => `„${text}“`,
    recording: "Ihre Aufnahme",
    alone: "Nur Ihre Seite abspielen",
    hearAnswer: "Ihre Antwort anhören",
    hearIt: "Anhören",
    print: "Drucken",
    saveMarkdown: "Als Markdown speichern",
    saveJSON: "Als JSON speichern",
    saveTranscript: "Mitschrift speichern",
    document: "Ihr Gespräch",
    transcript: "Was gesagt wurde",
    speakers: { candidate: "Sie", interviewer: "Interviewer" },
  },

  measures: {
    pace: { title: "Tempo", unit: "Wörter pro Minute" },
    fillers: { title: "Füllwörter", unit: "auf 100 Wörter" },
    wait: { title: "Zeit bis zu Ihrem ersten Wort" },
    pause: { title: "Längste Pause" },
    length: { title: "Länge einer Antwort" },
    share: { title: "Ihr Anteil am Sprechen" },
    interruptions: { title: "Unterbrechungen", unit: "durch Sie" },
  },
  usual: (low, high) => `üblich: ${low} bis ${high}`,
  usualTo: (high) => `üblich: bis ${high}`,

  progress: {
    title: "Ihre bisherigen Gespräche",
    question: "Ihre Gespräche in diesem Browser aufheben?",
    explained:
      "So sehen Sie, wie Sie vorankommen. Aufgehoben werden die Rückmeldung und was gesagt wurde, als Text ohne Ton, nur in diesem Browser, bis Sie es löschen.",
    allow: "Meine Gespräche aufheben",
    refuse: "Nein, danke",
    kept: "Dieses Gespräch ist in diesem Browser aufgehoben.",
    allowed: "Von jetzt an werden Ihre Gespräche in diesem Browser aufgehoben.",
    empty: "Noch ist keines aufgehoben. Das nächste wird es.",
    note: "Nur in diesem Browser aufgehoben, als Text; kein Server hat es. Aufnahmen werden nicht aufgehoben: Speichern Sie, was Sie wieder hören wollen.",
    back: "Zurück",
    all: "Alle bisherigen Gespräche",
    which: "Zeigen",
    every: "Alle Gespräche",
    overall: "Insgesamt",
    of: (score) => `${score} von 5`,
    unjudged: "nicht bewertet",
    unwritten: "keine Rückmeldung",
    trend: (first, day, last) => `${first} am ${day}, jetzt ${last}`,
    practise: "Diese Frage noch einmal üben",
    export: "Alle als JSON speichern",
    remove: "Löschen",
    removeOne: (title, day) => `${title}, ${day}, löschen`,
    removeAll: "Alle löschen",
    stop: "Keine mehr aufheben",
    sure: "Endgültig löschen?",
    sureAll: "Alle endgültig löschen und keine mehr aufheben?",
    yes: "Ja, löschen",
    no: "Nein, behalten",
    removed: "Gelöscht.",
    removedAll: "Alle sind gelöscht, und keine weiteren werden aufgehoben.",
    trouble: {
      blocked:
        "Dieser Browser lässt die Seite nichts aufheben, darum wird kein Gespräch aufgehoben. Private Fenster und strenge Einstellungen tun das.",
      full: "In diesem Browser ist kein Platz mehr, darum wird das Gespräch nicht aufgehoben. Löschen Sie alte, oder schaffen Sie Platz auf der Festplatte.",
      newer: "Ein neueres casey hebt Ihre Gespräche hier auf. Laden Sie diese Seite neu, um sie zu sehen.",
      busy: "Ein anderer Tab von casey ist im Weg. Schließen Sie ihn, und versuchen Sie es noch einmal.",
    },
  },
};

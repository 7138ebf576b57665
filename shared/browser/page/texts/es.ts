import type { Texts } from "../texts.js";

const again = "Espera un momento y vuelve a intentarlo.";

/** texts are the page's in Spanish. */
export const texts: Texts = {
  language: "es",

  page: {
    title: "casey – practica tu entrevista",
    description: "Practica una entrevista de trabajo en voz alta, con alguien que escucha.",
    language: "Idioma",
    recording: "Grabando",
    settings: "Ajustes",
    interviewer: "Entrevistador",
    headline: "Practica tu entrevista, en voz\u00a0alta.",
    whichInterview: "¿Qué entrevista?",
    howHard: "¿Qué dificultad?",
    whichLanguage: "¿En qué idioma?",
    job: "Tu puesto",
    jobPrivacy:
      "Di a qué te presentas y la entrevista tratará de ello. Los archivos se leen aquí, en tu navegador. Lo que aportes va a quien entrevista, se guarda con esta entrevista hasta que termine y no se registra. Esta página lo recuerda solo mientras esta pestaña esté abierta.",
    jobRole: "Puesto",
    jobAdvertisement: "Oferta de empleo",
    jobCV: "Tu currículum",
    jobFocus: "Practicar una sola pregunta",
    jobMinutes: "¿Cuánto tiempo?",
    jobFile: "Elegir un archivo",
    jobFiles: "Escribe, pega o arrastra un archivo: texto, PDF o Word (.docx).",
    jobForget: "Borrarlo todo",
    anew: "Empezar una nueva",
    checkMicrophone: "Probar el micrófono",
    microphoneCheck: "Prueba del micrófono",
    microphone: "Micrófono",
    howLoud: "Cómo de alto hablas",
    hearYourself: "Escucharte: tres segundos",
    hintPermission: "El navegador te pedirá el micrófono.",
    hintHeadphones: "Los auriculares ayudan, y una habitación tranquila también.",
    localBefore:
      "Este casey funciona solo en este ordenador: nada de lo que dices sale de él. Su reconocimiento de voz es un modelo abierto pequeño: ",
    localErrors: "más o menos una palabra de cada veinticinco está mal",
    localAfter: ", y más si hay ruido.",
    localForeign:
      "Solo sabe inglés: lo que digas en el idioma de esta entrevista se entiende como palabras inglesas. Lo que dice quien te entrevista lo oyes y lees como es debido.",
    recordings: "Grabaciones",
    captionsLabel: "Lo que se ha dicho",
    tryAgain: "Volver a intentarlo",
    own: "Tú",
    heard: "En casey",
    nudge: "Responde",
    pause: "Pausa",
    pauseTitle: "Seguir más tarde",
    end: "Terminar",
    endTitle: "Terminar y recibir la valoración",
    captions: "Subtítulos",
    captionsMore: "lo que decís los dos, como texto",
    replyTime: "Tiempo de respuesta",
    replyTimeMore: "cuánto ha tardado casey en responder",
    record: "Grabar",
    recordMore: "solo en este ordenador, para guardarlo al final",
    shortcuts: "Atajos de teclado",
    shortcutsMore: "M, T, P, C, L, R y ? para esta ventana",
    done: "Listo",
  },

  persona: {
    face: (name) => `${name}, quien te entrevista`,
    heading: (name) => `Tu entrevista con ${name}`,
    lead: (name) =>
      `${name} pregunta, escucha lo que dices y te responde. Tómate tu tiempo: una pausa para pensar es bienvenida.`,
    nudge: (name) => `${name} responde ahora`,
    undrawn: (name) => `El avatar no se puede mostrar, así que ${name} aparece en dibujo.`,
  },

  choice: {
    levels: { gentle: "Suave", usual: "Normal", demanding: "Exigente" },
    minutes: (n) => `${n} min`,
    start: "Empezar la entrevista",
    goOn: "Continuar tu entrevista",
    another: "Empezar otra entrevista",
  },

  job: {
    optional: "si quieres: oferta, currículum, una pregunta",
    told: "se tendrá en cuenta en la entrevista",
    kept: (name) => `${name} tiene lo que has contado del puesto.`,
    minutesUsual: "Lo que haga falta",
    reading: (file) => `Leyendo ${file}…`,
    read: (file) => `Se ha leído ${file}. Revisa el texto.`,
    refused: {
      too_large: "El archivo es demasiado grande.",
      unknown: "No es un archivo de texto, PDF o Word (.docx). Copia el texto y pégalo.",
      encrypted: "El archivo está protegido con contraseña. Guárdalo sin ella o pega el texto.",
      broken: "El archivo no se puede leer. Copia el texto y pégalo.",
      encoding: "El archivo no es texto en UTF-8. Guárdalo como UTF-8 o pega el texto.",
      empty: "No hay texto en el archivo; quizá sea una imagen. Escribe o pega el texto.",
      long_line: "El puesto o la pregunta es demasiado largo.",
      long_texts:
        "Los textos juntos son demasiado largos: déjalos en unas 48.000 letras. Hasta entonces no se envía nada.",
    },
  },

  microphone: {
    standard: "El del navegador",
    allow: "Permite el micrófono, por favor.",
    speak: "Di algo: la barra debería moverse.",
    heard: (name) => `${name} te oiría.`,
    silent: "Aún no se oye nada. ¿Está encendido el micrófono? ¿Es el correcto?",
    take: "Grabando: di una frase.",
    unrecorded: "Tu navegador no lo graba, pero se te oiría.",
    played: "Así suenas.",
    unplayed: "Tu navegador no lo reproduce.",
  },

  troubles: {
    permission: {
      title: "{name} no puede oírte",
      text: "El navegador no ha permitido el micrófono a esta página.",
      remedy: "Pulsa el icono junto a la dirección, permite el micrófono y vuelve a intentarlo.",
    },
    no_microphone: {
      title: "No hay ningún micrófono",
      text: "No hay ningún micrófono que este navegador pueda usar.",
      remedy: "Conecta uno o enciéndelo y vuelve a intentarlo. Lo mejor son unos auriculares con micrófono.",
    },
    microphone_busy: {
      title: "No se puede abrir el micrófono",
      text: "Puede que otro programa lo esté usando.",
      remedy: "Cierra otras llamadas y grabaciones y vuelve a intentarlo.",
    },
    microphone_lost: {
      title: "Tu micrófono ya no está",
      text: "Se ha desconectado o apagado.",
      remedy: "Vuelve a conectarlo; casey sigue entonces con él.",
    },
    microphone_silenced: {
      title: "Tu micrófono está en silencio",
      text: "El sistema lo ha silenciado.",
      remedy: "Termina la llamada o activa el micrófono; casey vuelve entonces a oírte.",
    },
    recording: {
      title: "No hay grabación",
      text: "Tu navegador no graba esta entrevista.",
      remedy: "La entrevista sigue sin ella.",
    },
    sound_blocked: {
      title: "Tu navegador bloquea el sonido",
      text: "{name} habla, pero esta página no puede reproducirlo.",
      remedy: "Pulsa en cualquier lugar de la página.",
    },
    insecure: {
      title: "Esta dirección no es segura",
      text: "Los navegadores solo dan el micrófono a páginas https y a localhost.",
      remedy: "Abre la página con su dirección https, o con http://localhost en este ordenador.",
    },
    gateway: {
      title: "No se puede contactar con casey",
      text: "La conexión con el servidor de casey no se abre.",
      remedy: "Comprueba que tienes conexión. Si casey funciona en este ordenador, comprueba que sigue en marcha.",
    },
    unsupported: {
      title: "Tu navegador no establece la conexión",
      text: "No puede llamar a casey, o no se le permite.",
      remedy: "Usa un Firefox, Chrome, Edge o Safari actual. Si ya lo haces, díselo a quien gestione este casey.",
    },
    no_answer: {
      title: "Nadie responde",
      text: "El servidor de casey aceptó tu llamada, pero no vino nadie a entrevistarte.",
      remedy: again,
    },
    media: {
      title: "El sonido no pasa",
      text: "Casey ha respondido, pero ni UDP ni TCP pasan entre vosotros.",
      remedy: "Prueba otra red, apaga la VPN o pide a quien gestione el cortafuegos que deje pasar WebRTC.",
    },
    lost: {
      title: "Se ha perdido la conexión",
      text: "No se ha podido restablecer.",
      remedy: "Comprueba tu red y vuelve a intentarlo: sigues donde estabas.",
    },
    full: {
      title: "Todos los entrevistadores están ocupados",
      text: "No ha quedado ningún sitio libre a tiempo.",
      remedy: "Vuelve dentro de unos minutos.",
    },
    unavailable: {
      title: "{name} no puede hablar",
      text: "Falta un servicio que la entrevista necesita.",
      remedy: again,
    },
    anew: {
      title: "Tu última entrevista ha terminado",
      text: "No se puede continuar.",
      remedy: "Esta es una nueva.",
    },
    ended: {
      title: "Esta entrevista ha terminado",
      text: "No se puede continuar.",
      remedy: "Puedes empezar una nueva.",
    },
  },

  trouble: { title: "No ha funcionado", text: "Algo ha fallado", remedy: again },

  status: {
    idle: "Cuando quieras",
    microphone: "Permite el micrófono, por favor",
    connecting: "Conectando…",
    restoring: "Reconectando…",
    ending: "Escribiendo tu valoración…",
    over: "La entrevista ha terminado",
    next: "Eres la siguiente persona",
    ahead: (n) => (n === 1 ? "Una persona delante de ti" : `${n}${n >= 100 ? " o más" : ""} personas delante de ti`),
  },

  doing: { listening: "Te escucha", thinking: "Pensando", speaking: "Hablando", paused: "En pausa" },
  deaf: (name) => `${name} no te oye`,
  muted: "Estás en silencio",
  mute: "Silenciar",
  unmute: "Activar",
  hearsAgain: (name) => `${name} vuelve a oírte.`,
  hearsNothing: (name) => `${name} no oye nada de ti. ¿Es este el micrófono correcto? Mira los ajustes.`,

  endings: {
    another_tab: "Sigue en otra pestaña",
    left: "En pausa: puedes seguir más tarde",
    drain: "En pausa: casey se está actualizando",
    lost: "Se ha perdido la entrevista",
    internal: "Algo ha fallado, la entrevista ha terminado",
  },
  lostForNow: "Se ha perdido la conexión: puedes continuar",
  after: {
    elsewhere: "Tu entrevista sigue en otra pestaña.",
    waits: (name) => `${name} te espera.`,
    over: (name) => `Esto ha sido todo con ${name}. Bien hecho.`,
  },

  latency: (seconds) => `Última respuesta tras ${seconds} s`,
  phase: (name, index, of) => `${name} · ${index} de ${of}`,
  left: {
    up: "Se acabó el tiempo",
    little: "Queda menos de un minuto",
    minutes: (n) => `Quedan ${n} min`,
  },

  files: {
    own: "Guardar: tu parte",
    both: "Guardar: los dos",
  },

  captions: { candidate: "Tú" },

  report: {
    title: "Cómo ha ido",
    more: "Aún se está escribiendo más…",
    writing: "Escribiendo…",
    good: "Lo que estuvo bien",
    better: "Qué probar la próxima vez",
    questions: "Pregunta por pregunta",
    delivery: "Cómo has hablado",
    scores: "Puntuación",
    score: (score, of) => `${score} de ${of}`,
    scored: "Puntuación",
    unsure: "El reconocimiento de voz no estaba seguro de esta respuesta, así que no se valora.",
    said: "Dijiste",
    strong: "Fuerte",
    missing: "Falta",
    stronger: "Una respuesta más fuerte",
    quote: (text) => `«${text}»`,
    recording: "Tu grabación",
    alone: "Reproducir solo tu parte",
    hearAnswer: "Escuchar tu respuesta",
    hearIt: "Escuchar",
    print: "Imprimir",
    saveMarkdown: "Guardar como Markdown",
    saveJSON: "Guardar como JSON",
    saveTranscript: "Guardar la transcripción",
    document: "Tu entrevista",
    transcript: "Lo que se ha dicho",
    speakers: { candidate: "Tú", interviewer: "Entrevistador" },
  },

  measures: {
    pace: { title: "Ritmo", unit: "palabras por minuto" },
    fillers: { title: "Muletillas", unit: "por cada 100 palabras" },
    wait: { title: "Tiempo hasta tu primera palabra" },
    pause: { title: "Pausa más larga" },
    length: { title: "Duración de una respuesta" },
    share: { title: "Tu parte de la conversación" },
    interruptions: { title: "Interrupciones", unit: "tuyas" },
  },
  usual: (low, high) => `habitual: de ${low} a ${high}`,
  usualTo: (high) => `habitual: hasta ${high}`,
};

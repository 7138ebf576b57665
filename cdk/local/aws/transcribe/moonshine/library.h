// The part of moonshine-voice 0.0.73's C interface that casey calls. Its wheel brings no header:
// these declarations follow the structures that the wheel's own Python binding checks by size.
#include <stddef.h>
#include <stdint.h>

struct moonshine_option {
	const char *name, *value;
};

struct moonshine_line {
	const char *text;
	const float *audio;
	size_t audio_count;
	float start, duration;
	uint64_t id;
	int8_t complete, updated, is_new, changed, speakers_changed;
	const void *spans;
	uint64_t span_count;
	uint32_t latency;
	const void *words;
	uint64_t word_count;
};

struct moonshine_transcript {
	struct moonshine_line *lines;
	uint64_t count;
};

_Static_assert(sizeof(struct moonshine_line) == 88, "as the binding of 0.0.73 has it");

// casey_moonshine is the library's functions, found by name.
struct casey_moonshine {
	int32_t (*version)(void);
	const char *(*error)(int32_t code);
	int32_t (*load)(const char *path, uint32_t arch, const struct moonshine_option *options, uint64_t count, int32_t header);
	void (*free_transcriber)(int32_t transcriber);
	int32_t (*create_stream)(int32_t transcriber, uint32_t flags);
	int32_t (*free_stream)(int32_t transcriber, int32_t stream);
	int32_t (*start_stream)(int32_t transcriber, int32_t stream);
	int32_t (*stop_stream)(int32_t transcriber, int32_t stream);
	int32_t (*add_audio)(int32_t transcriber, int32_t stream, const float *audio, uint64_t count, int32_t rate, uint32_t flags);
	int32_t (*transcribe)(int32_t transcriber, int32_t stream, uint32_t flags, struct moonshine_transcript **out);
};

// casey_open loads the library at path. It returns NULL, or what the loader has against it; the
// text is the loader's.
const char *casey_open(const char *path, struct casey_moonshine *out);

// Functions are called through pointers, which Go cannot do.
int32_t casey_load(struct casey_moonshine *m, const char *path, const struct moonshine_option *options, uint64_t count);
void casey_free(struct casey_moonshine *m, int32_t transcriber);
const char *casey_error(struct casey_moonshine *m, int32_t code);
int32_t casey_begin(struct casey_moonshine *m, int32_t transcriber);
void casey_end(struct casey_moonshine *m, int32_t transcriber, int32_t stream);
int32_t casey_stop(struct casey_moonshine *m, int32_t transcriber, int32_t stream);
int32_t casey_add(struct casey_moonshine *m, int32_t transcriber, int32_t stream, const float *audio, uint64_t count, int32_t rate);
int32_t casey_look(struct casey_moonshine *m, int32_t transcriber, int32_t stream, struct moonshine_transcript **out);

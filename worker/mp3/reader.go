package mp3

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"time"
)

// ErrFormat is the reason for whatever is no MP3; it comes wrapped with what is
// wrong.
var ErrFormat = errors.New("mp3: not an MP3 stream")

// maxJunk limits the bytes between two frames.
const maxJunk = 4096

// Frame is one frame of sound.
type Frame struct {
	Header
	Data []byte // valid until the next call
}

// Reader takes the frames out of an MP3 stream as it comes. ID3 tags and frames
// without sound are left out, so that what is left can be joined with others. It
// is not safe for concurrent use.
type Reader struct {
	r     *bufio.Reader
	frame []byte
	began bool
}

// NewReader reads from r.
func NewReader(r io.Reader) *Reader {
	return &Reader{r: bufio.NewReaderSize(r, 2*maxFrame)}
}

// Next returns the next frame. The error is io.EOF after the last,
// io.ErrUnexpectedEOF where the stream is cut off within a frame, and ErrFormat,
// with a reason, for what is no MP3.
func (r *Reader) Next() (Frame, error) {
	for {
		h, err := r.seek()
		if err != nil {
			return Frame{}, err
		}
		if cap(r.frame) < h.Size {
			r.frame = make([]byte, maxFrame)
		}
		r.frame = r.frame[:h.Size]
		if _, err := io.ReadFull(r.r, r.frame); err != nil {
			return Frame{}, cutOff(err)
		}
		first := !r.began
		r.began = true
		if first && h.info(r.frame) {
			continue
		}
		return Frame{Header: h, Data: r.frame}, nil
	}
}

// seek goes to the next frame, over tags and a little junk.
func (r *Reader) seek() (Header, error) {
	for junk := 0; junk <= maxJunk; junk++ {
		head, err := r.r.Peek(headerSize)
		if len(head) == 0 {
			return Header{}, err
		}
		switch h, ok := ParseHeader(head); {
		case ok:
			return h, nil
		case bytes.HasPrefix(head, []byte("ID3")):
			if err := r.skipID3(); err != nil {
				return Header{}, err
			}
			continue
		case bytes.HasPrefix(head, []byte("TAG")) && r.began:
			return Header{}, io.EOF // ID3v1 is the last of a file
		}
		if _, err := r.r.Discard(1); err != nil {
			return Header{}, err
		}
	}
	return Header{}, fmt.Errorf("%w: no frame in %d bytes", ErrFormat, maxJunk)
}

// skipID3 goes over an ID3v2 tag: ten bytes and a length of four times seven bits.
func (r *Reader) skipID3() error {
	head, err := r.r.Peek(10)
	if err != nil {
		return cutOff(err)
	}
	size := 10
	for i, b := range head[6:] {
		size += int(b&0x7f) << (7 * (3 - i))
	}
	if _, err := io.CopyN(io.Discard, r.r, int64(size)); err != nil {
		return cutOff(err)
	}
	return nil
}

func cutOff(err error) error {
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}

// Length returns how long the frames of a whole stream play.
func Length(data []byte) (time.Duration, error) {
	var length time.Duration
	for r := NewReader(bytes.NewReader(data)); ; {
		f, err := r.Next()
		if errors.Is(err, io.EOF) {
			return length, nil
		}
		if err != nil {
			return length, err
		}
		length += f.Duration()
	}
}

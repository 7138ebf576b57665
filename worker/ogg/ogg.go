// Package ogg puts Opus packets into Ogg pages and takes them out again
// (RFC 3533, RFC 7845), as they come and without decoding.
package ogg

import (
	"encoding/binary"
	"errors"
)

// PreSkip is the number of samples that a decoder drops at the start of a stream:
// the lookahead of the encoder in a browser. The stream's audio is that much
// (6.5 ms) shorter than its packets.
const PreSkip = 312

// Layout of a page header (RFC 3533 section 6), in bytes.
const (
	headerSize  = 27
	maxSegments = 255
	maxPage     = headerSize + maxSegments + maxSegments*255

	atFlags    = 5
	atGranule  = 6
	atSerial   = 14
	atSequence = 18
	atCRC      = 22
	atSegments = 26
)

// Flags of a page.
const (
	continued byte = 1 << iota // its first packet began on the page before
	first                      // of the stream
	last
)

// ErrFormat is the error for input that is not Ogg Opus; it comes wrapped with the
// fault.
var ErrFormat = errors.New("ogg: not an Ogg Opus stream")

// crcTable is for the polynomial 0x04c11db7, unreflected, zero start (RFC 3533 section 6).
var crcTable = func() (table [256]uint32) {
	for i := range table {
		r := uint32(i) << 24
		for range 8 {
			if r&(1<<31) != 0 {
				r = r<<1 ^ 0x04c11db7
			} else {
				r <<= 1
			}
		}
		table[i] = r
	}
	return table
}()

func checksum(crc uint32, b []byte) uint32 {
	for _, x := range b {
		crc = crc<<8 ^ crcTable[byte(crc>>24)^x]
	}
	return crc
}

// seal writes a page's checksum, which counts its own field as zero.
func seal(page []byte) {
	binary.LittleEndian.PutUint32(page[atCRC:], 0)
	binary.LittleEndian.PutUint32(page[atCRC:], checksum(0, page))
}

// sealed reports whether a page's checksum fits.
func sealed(page []byte) bool {
	crc := checksum(0, page[:atCRC])
	crc = checksum(crc, []byte{0, 0, 0, 0})
	return checksum(crc, page[atCRC+4:]) == binary.LittleEndian.Uint32(page[atCRC:])
}

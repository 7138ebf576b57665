package faults

import (
	"crypto/md5"
	"encoding/binary"
	"encoding/hex"
	"hash"
	"maps"
	"slices"
	"strings"
)

// attribute is a message attribute as the JSON protocol of SQS carries it.
type attribute struct {
	DataType    string
	StringValue string
	BinaryValue []byte
}

// The byte by which the checksum tells texts from binary values.
const (
	textValue   = 1
	binaryValue = 2
)

// bodySum is SQS's MD5OfMessageBody.
func bodySum(body string) string {
	sum := md5.Sum([]byte(body))
	return hex.EncodeToString(sum[:])
}

// attributesSum is SQS's MD5OfMessageAttributes: names in order, each name,
// type and value behind its length
// (https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-message-metadata.html).
func attributesSum(attributes map[string]attribute) string {
	h := md5.New()
	for _, name := range slices.Sorted(maps.Keys(attributes)) {
		a := attributes[name]
		counted(h, []byte(name))
		counted(h, []byte(a.DataType))
		if strings.HasPrefix(a.DataType, "Binary") {
			_, _ = h.Write([]byte{binaryValue})
			counted(h, a.BinaryValue)
		} else {
			_, _ = h.Write([]byte{textValue})
			counted(h, []byte(a.StringValue))
		}
	}
	return hex.EncodeToString(h.Sum(nil))
}

func counted(h hash.Hash, b []byte) {
	_, _ = h.Write(binary.BigEndian.AppendUint32(nil, uint32(len(b))))
	_, _ = h.Write(b)
}

// Package emulators holds casey against AWS as others have written it: the
// template is created and deleted in two emulators of AWS, and the store and the
// queue keep their contracts there and in a third, of SQS alone. None is AWS's
// own, and none knows IAM, the order of removal or an authorizer; but nobody of
// them has casey in mind. make test-emulators installs them, pinned, and runs this.
package emulators

package peer

// ListenOn lets tests of this package run on pion's virtual network.
var ListenOn = listen

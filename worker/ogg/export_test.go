package ogg

// Seal lets tests build pages of their own.
var Seal = seal

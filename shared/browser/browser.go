// Package browser holds the sources of casey's page and of its client library,
// TypeScript, for whoever bundles and serves them.
package browser

import "embed"

// Sources holds src (the client library), page (the page that uses it) and
// vendor (what the page uses of others).
//
//go:embed src page vendor
var Sources embed.FS

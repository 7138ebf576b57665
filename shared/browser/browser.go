// Package browser holds the sources of casey's page and of its client library,
// TypeScript, for whoever bundles and serves them.
package browser

import "embed"

// Sources holds src (the client library) and page (the page that uses it).
//
//go:embed src page
var Sources embed.FS

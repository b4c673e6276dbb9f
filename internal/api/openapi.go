package api

import (
	_ "embed"
	"net/http"
	"strconv"
)

// description is the API's own description, OpenAPI 3.1. Tests hold it against the routes
// and against real answers.
//
//go:embed openapi.json
var description []byte

// openAPI answers the description; no token is needed.
func openAPI(w http.ResponseWriter, r *http.Request) {
	secure(w.Header())
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Content-Length", strconv.Itoa(len(description)))
	if r.Method != http.MethodHead {
		w.Write(description) //nolint:errcheck // the reader left: nobody is there to be told
	}
}

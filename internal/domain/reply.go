package domain

// Reply is the result of a request that carried an idempotency key; Status is 0 while the
// first request is under way.
type Reply struct {
	Request string // a digest of method, path and body
	Status  int    // HTTP
	Header  string // the headers that belong to the result, a line each
	Body    string
}

package storetest

import (
	"sync/atomic"
	"time"
)

func inboxTests() []test {
	return []test{
		{"one of many at once begins", inboxBegin},
		{"forgotten, it may come again", inboxForget},
		{"many are noted together", inboxNote},
		{"purged by age", inboxPurge},
	}
}

func (f *fixture) begin(key string, at time.Duration) bool {
	f.Helper()
	first, err := f.Inbox.Begin(f.ctx, key, noon(at))
	f.ok(err)
	return first
}

func inboxBegin(f *fixture) {
	for _, key := range []string{"a", "b", ""} {
		var begun atomic.Int32
		atOnce(16, func(int) {
			first, err := f.Inbox.Begin(f.ctx, key, noon(0))
			if err != nil {
				f.Error(err)
			}
			if first {
				begun.Add(1)
			}
		})
		f.same(begun.Load(), int32(1))
	}
}

func (f *fixture) known(key string) bool {
	f.Helper()
	known, err := f.Inbox.Known(f.ctx, key)
	f.ok(err)
	return known
}

func inboxForget(f *fixture) {
	f.same(f.known("a"), false)
	f.same([]bool{f.begin("a", 0), f.begin("a", 0)}, []bool{true, false})
	f.same(f.known("a"), true)
	f.ok(f.Inbox.Forget(f.ctx, "a"))
	f.same(f.known("a"), false)
	f.ok(f.Inbox.Forget(f.ctx, "never"))
	f.same([]bool{f.begin("a", 0), f.begin("a", 0)}, []bool{true, false})
}

func inboxPurge(f *fixture) {
	f.begin("old", 0)
	f.begin("new", time.Hour)
	_, err := f.Replies.Begin(f.ctx, "old", "digest", noon(0))
	f.ok(err)
	f.ok(f.Inbox.Purge(f.ctx, noon(time.Hour)))
	f.same([]bool{f.begin("old", 0), f.begin("new", 0)}, []bool{true, false})
	stored, err := f.Replies.Begin(f.ctx, "old", "digest", noon(0))
	f.ok(err)
	f.same(stored == nil, true)
}

func inboxNote(f *fixture) {
	f.ok(f.Inbox.Note(f.ctx, []string{"a", "b", "a"}, noon(0)))
	f.ok(f.Inbox.Note(f.ctx, []string{"b", "c"}, noon(0)))
	f.ok(f.Inbox.Note(f.ctx, nil, noon(0)))
	strange := []string{`"`, `\`, `\"`, `{a,b}`, `,`, ` a `, `NULL`, `null`, `'`, "\n", "é日", ``, `$1`, `?`}
	f.ok(f.Inbox.Note(f.ctx, strange, noon(0)))
	for _, key := range strange {
		f.same(f.known(key), true)
	}
	for key, want := range map[string]bool{"a": true, "b": true, "c": true, "d": false} {
		known, err := f.Inbox.Known(f.ctx, key)
		f.ok(err)
		f.same(known, want)
	}
}

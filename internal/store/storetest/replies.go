package storetest

import (
	"sync/atomic"

	"crier/internal/domain"
)

func replyTests() []test {
	return []test{
		{"the first begins, the others get its result", replyStored},
		{"one of many at once begins", replyAtOnce},
		{"dropped, a key is free again", replyDropped},
	}
}

func (f *fixture) reply(key, request string) *domain.Reply {
	f.Helper()
	r, err := f.Replies.Begin(f.ctx, key, request, noon(0))
	f.ok(err)
	return r
}

func replyStored(f *fixture) {
	f.same(f.reply("k", "digest"), (*domain.Reply)(nil))
	f.same(f.reply("k", "another"), &domain.Reply{Request: "digest"}) // under way
	want := domain.Reply{Status: 201, Header: `"3"`, Body: `{"id":"1"}`}
	f.ok(f.Replies.Finish(f.ctx, "k", want))
	want.Request = "digest"
	f.same(f.reply("k", "digest"), &want)
}

func replyAtOnce(f *fixture) {
	var begun atomic.Int32
	atOnce(16, func(int) {
		stored, err := f.Replies.Begin(f.ctx, "k", "digest", noon(0))
		if err != nil {
			f.Error(err)
		}
		if stored == nil {
			begun.Add(1)
		}
	})
	f.same(begun.Load(), int32(1))
}

func replyDropped(f *fixture) {
	atOnce(8, func(int) { // beginning and dropping at once never fails
		for range 10 {
			if _, err := f.Replies.Begin(f.ctx, "k", "digest", noon(0)); err != nil {
				f.Error(err)
			}
			if err := f.Replies.Drop(f.ctx, "k"); err != nil {
				f.Error(err)
			}
		}
	})
	f.same(f.reply("k", "digest"), (*domain.Reply)(nil))
}

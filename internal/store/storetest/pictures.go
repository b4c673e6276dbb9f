package storetest

import (
	"bytes"
	"fmt"
	"sync"

	"crier/internal/domain"
	"crier/internal/store"
)

func pictureTests() []test {
	return []test{
		{"kept as it came", pictureKept},
		{"the same content is one picture", pictureOnce},
		{"the same content at once is one picture", pictureAtOnce},
	}
}

// picture is one that a megabyte of this byte is the content of.
func picture(token string, content byte) domain.Picture {
	return domain.Picture{
		Token: token, Type: "image/png", Width: 1024, Height: 3, Data: bytes.Repeat([]byte{content, 0, 0xff, '\''}, 1<<18),
		CreatedAt: noon(0).UTC(), CreatedBy: "Ada",
	}
}

func pictureKept(f *fixture) {
	pictures := store.Pictures{DB: f.DB}
	_, err := pictures.Get(f.ctx, "a")
	f.is(err, domain.NotFound)
	for _, want := range []domain.Picture{picture("a", 1), picture("b", 2)} {
		added, err := pictures.Add(f.ctx, want)
		f.ok(err)
		f.same(added, want)
	}
	got, err := pictures.Get(f.ctx, "a")
	f.ok(err)
	f.same(got, picture("a", 1))
	_, err = pictures.Get(f.ctx, "A")
	f.is(err, domain.NotFound)
	_, err = pictures.Add(f.ctx, picture("a", 3)) // another picture under a token that is taken
	f.is(err, domain.Conflict)
}

func pictureOnce(f *fixture) {
	pictures := store.Pictures{DB: f.DB}
	first := picture("a", 1)
	_, err := pictures.Add(f.ctx, first)
	f.ok(err)
	again := picture("b", 1)
	again.CreatedBy, again.CreatedAt = "Grace", noon(1)
	got, err := pictures.Add(f.ctx, again)
	f.ok(err)
	f.same(got, first)
	_, err = pictures.Get(f.ctx, "b")
	f.is(err, domain.NotFound)
}

func pictureAtOnce(f *fixture) {
	var mu sync.Mutex
	tokens := map[string]bool{}
	atOnce(8, func(i int) {
		p, err := store.Pictures{DB: f.DB}.Add(f.ctx, picture(fmt.Sprint("token-", i), 1))
		if err != nil {
			f.Error(err)
		}
		mu.Lock()
		defer mu.Unlock()
		tokens[p.Token] = true
	})
	f.same(len(tokens), 1)
}

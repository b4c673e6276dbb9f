package storetest

import "sync"

func settingTests() []test {
	return []test{{"a secret is made once and kept", secret}}
}

func secret(f *fixture) {
	var mu sync.Mutex
	values := map[string]bool{}
	atOnce(8, func(int) {
		value, err := f.Settings.Secret(f.ctx, "signing")
		if err != nil {
			f.Error(err)
		}
		mu.Lock()
		values[value] = true
		mu.Unlock()
	})
	f.same(len(values), 1)
	other, err := f.Settings.Secret(f.ctx, "another")
	f.ok(err)
	if values[other] || len(other) != 64 {
		f.Fatalf("a second secret is not one of its own of 256 bits: %d characters", len(other))
	}
}

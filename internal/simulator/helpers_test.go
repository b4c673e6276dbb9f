package simulator_test

import (
	"testing"

	"crier/internal/simulator"
)

func must[T any](value T, err error) T {
	if err != nil {
		panic(err)
	}
	return value
}

func options() simulator.Options {
	return simulator.Options{
		Users: 20, Seed: 1, BotURL: "http://127.0.0.1:1/api/messages",
		AppID: "9834cd1e-a7f6-4a88-b999-38d0d8f4e189", AppPassword: "a secret", TenantID: "72f988bf-86f1-41af-91ab-2d7cd011db47",
	}
}

func newSimulator(t testing.TB, opt simulator.Options) *simulator.Simulator {
	t.Helper()
	sim, err := simulator.New(opt)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(sim.Stop)
	return sim
}

func texts(sim *simulator.Simulator, i int) []string {
	var out []string
	for _, r := range sim.Received(i) {
		out = append(out, r.Text)
	}
	return out
}

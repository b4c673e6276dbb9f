package domain

import "testing"

func TestACampaignInAWord(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		status Status
		counts Counts
		want   string
	}{
		"a draft":                         {Draft, Counts{}, ResultInProgress},
		"scheduled":                       {Scheduled, Counts{}, ResultInProgress},
		"waiting":                         {Sending, Counts{Pending: 2, Sent: 1}, ResultInProgress},
		"waiting, some failed":            {Sending, Counts{Pending: 2, Failed: 1}, ResultInProgress},
		"waiting, some postponed":         {Sending, Counts{Pending: 2, Postponed: 1}, ResultInProgress},
		"only postponed are left":         {Sending, Counts{Postponed: 1, Sent: 2}, ResultPostponed},
		"only postponed, some failed":     {Sending, Counts{Postponed: 1, Failed: 2}, ResultPostponed},
		"the last row was just recorded":  {Sending, Counts{Sent: 2}, ResultInProgress},
		"paused":                          {Paused, Counts{Pending: 1, Sent: 1}, ResultInProgress},
		"paused, only postponed are left": {Paused, Counts{Postponed: 1}, ResultPostponed},
		"all sent":                        {Done, Counts{Sent: 3}, ResultSuccess},
		"all sent to whom can be reached": {Done, Counts{Listed: 5, Unreachable: 2, Recipients: 3, Sent: 3}, ResultSuccess},
		"nobody could be reached":         {Done, Counts{Listed: 2, Unreachable: 2}, ResultSuccess},
		"one failed":                      {Done, Counts{Sent: 3, Failed: 1}, ResultError},
		"one was never there":             {Done, Counts{Sent: 3, Unscheduled: 1}, ResultError},
		"one is held":                     {Done, Counts{Sent: 3, Uncertain: 1}, ResultError},
		"nothing but failures":            {Done, Counts{Failed: 3}, ResultError},
		"tried again":                     {Sending, Counts{Sent: 3, Pending: 1}, ResultInProgress},
		"cancelled, some withdrawn":       {Cancelled, Counts{Sent: 3, Cancelled: 1}, ResultError},
		"cancelled before it started":     {Cancelled, Counts{}, ResultError},
		"cancelled when everybody had it": {Cancelled, Counts{Sent: 3}, ResultSuccess},
		"cancelled, some failed":          {Cancelled, Counts{Sent: 3, Failed: 1}, ResultError},
		"cancelled, one in flight":        {Cancelled, Counts{Cancelled: 3, Pending: 1}, ResultInProgress},
		"cancelled, a retry in flight":    {Cancelled, Counts{Cancelled: 3, Postponed: 1}, ResultInProgress},
	}
	for name, test := range tests {
		if got := test.counts.Result(test.status); got != test.want {
			t.Errorf("%s: %s, want %s", name, got, test.want)
		}
	}
}

// What is over and what can be left behind do not depend on the case that was thought of.
func TestNoResultPraisesWhatSomebodyMissed(t *testing.T) {
	t.Parallel()
	for _, status := range Statuses() {
		for n := range 1 << 7 {
			bit := func(i int) int64 { return int64(n >> i & 1) }
			c := Counts{Pending: bit(0), Postponed: bit(1), Sent: bit(2), Failed: bit(3), Unscheduled: bit(4), Uncertain: bit(5), Cancelled: bit(6)}
			missed := c.Pending+c.Postponed+c.Failed+c.Unscheduled+c.Uncertain+c.Cancelled > 0
			switch result := c.Result(status); {
			case result == ResultSuccess && (missed || status != Done && status != Cancelled):
				t.Errorf("%s with %+v is a success", status, c)
			case result == ResultInProgress && c.Left() == 0 && (status == Done || status == Cancelled):
				t.Errorf("%s with %+v is in progress", status, c)
			case result == ResultError && c.Left() > 0:
				t.Errorf("%s with %+v is an error before its end", status, c)
			}
		}
	}
}

func TestShare(t *testing.T) {
	t.Parallel()
	if got := (QuestionReport{Answers: 4}).Share(OptionCount{Count: 3}); got != 0.75 {
		t.Errorf("3 of 4 are %v", got)
	}
	if got := (QuestionReport{}).Share(OptionCount{}); got != 0 {
		t.Errorf("none of none are %v", got)
	}
}

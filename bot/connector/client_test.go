package connector

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestOperations(t *testing.T) {
	t.Parallel()
	const id, activity = "19:x@thread.tacv2;messageid=1/2 +%ü", `{"type":"message"}`
	const encoded = "19%3Ax%40thread.tacv2%3Bmessageid%3D1%2F2%20%2B%25%C3%BC"
	const json = "application/json; charset=utf-8"
	for name, test := range map[string]struct {
		call   func(*Client, context.Context, Ref) (any, error)
		answer func(http.ResponseWriter)
		want   seen
		result any
	}{
		"send": {
			func(c *Client, ctx context.Context, ref Ref) (any, error) { return c.Send(ctx, ref, []byte(activity)) },
			created("m1"),
			seen{Method: "POST", Path: "/teams/v3/conversations/" + encoded + "/activities", ContentType: json, Body: activity},
			Receipt{ActivityID: "m1"},
		},
		"send, numeric id": {
			func(c *Client, ctx context.Context, ref Ref) (any, error) { return c.Send(ctx, ref, []byte(activity)) },
			status(200, nil, `{"id":1485983408511}`),
			seen{Method: "POST", Path: "/teams/v3/conversations/" + encoded + "/activities", ContentType: json, Body: activity},
			Receipt{ActivityID: "1485983408511"},
		},
		"send, empty answer": {
			func(c *Client, ctx context.Context, ref Ref) (any, error) { return c.Send(ctx, ref, []byte(activity)) },
			status(202, nil, ""),
			seen{Method: "POST", Path: "/teams/v3/conversations/" + encoded + "/activities", ContentType: json, Body: activity},
			Receipt{},
		},
		"send, unreadable answer": {
			func(c *Client, ctx context.Context, ref Ref) (any, error) { return c.Send(ctx, ref, []byte(activity)) },
			status(200, map[string]string{"Content-Length": "100"}, `<html>`),
			seen{Method: "POST", Path: "/teams/v3/conversations/" + encoded + "/activities", ContentType: json, Body: activity},
			Receipt{},
		},
		"reply": {
			func(c *Client, ctx context.Context, ref Ref) (any, error) {
				return c.Reply(ctx, ref, "m:0", []byte(activity))
			},
			created("m1"),
			seen{Method: "POST", Path: "/teams/v3/conversations/" + encoded + "/activities/m%3A0", ContentType: json, Body: activity},
			Receipt{ActivityID: "m1"},
		},
		"update": {
			func(c *Client, ctx context.Context, ref Ref) (any, error) {
				return c.Update(ctx, ref, "m:0", []byte(activity))
			},
			status(200, nil, ""),
			seen{Method: "PUT", Path: "/teams/v3/conversations/" + encoded + "/activities/m%3A0", ContentType: json, Body: activity},
			Receipt{ActivityID: "m:0"},
		},
		"delete": {
			func(c *Client, ctx context.Context, ref Ref) (any, error) {
				return nil, c.DeleteInTurn(ctx, ref, "m:0")
			},
			status(200, nil, ""),
			seen{Method: "DELETE", Path: "/teams/v3/conversations/" + encoded + "/activities/m%3A0"},
			nil,
		},
		"member": {
			func(c *Client, ctx context.Context, ref Ref) (any, error) { return c.Member(ctx, ref, "29:1@x") },
			status(200, nil, `{"id":"29:1","name":"Megan","objectId":"o","givenName":"M","surname":"B","email":null,"userRole":"user","tenantId":"t"}`),
			seen{Method: "GET", Path: "/teams/v3/conversations/" + encoded + "/members/29%3A1%40x"},
			Member{ID: "29:1", Name: "Megan", AadObjectID: "o", GivenName: "M", Surname: "B", Role: "user", TenantID: "t"},
		},
		"first page": {
			func(c *Client, ctx context.Context, ref Ref) (any, error) { return c.PagedMembers(ctx, ref, 0, "") },
			status(200, nil, `{"members":[{"id":"29:1","aadObjectId":"o"},{"id":"29:2","userPrincipalName":"a@b"}],"continuationToken":"n"}`),
			seen{Method: "GET", Path: "/teams/v3/conversations/" + encoded + "/pagedmembers", Query: "pageSize=500"},
			MemberPage{Members: []Member{{ID: "29:1", AadObjectID: "o"}, {ID: "29:2", UserPrincipalName: "a@b"}}, ContinuationToken: "n"},
		},
		"last page": {
			func(c *Client, ctx context.Context, ref Ref) (any, error) { return c.PagedMembers(ctx, ref, 10, "n&=") },
			status(200, nil, `{"members":[]}`),
			seen{Method: "GET", Path: "/teams/v3/conversations/" + encoded + "/pagedmembers", Query: "continuationToken=n%26%3D&pageSize=10"},
			MemberPage{Members: []Member{}},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newService(t, test.answer)
			ref := s.ref()
			ref.ConversationID = id
			result, err := test.call(client(t, ClientOptions{Timeout: time.Minute}, s), t.Context(), ref)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff([]seen{test.want}, s.seen()); diff != "" {
				t.Errorf("request (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(test.result, result); diff != "" {
				t.Errorf("result (-want +got):\n%s", diff)
			}
		})
	}
}

func TestCreateConversation(t *testing.T) {
	t.Parallel()
	s := newService(t, status(201, nil, `{"id":"a:1","serviceUrl":"https://evil.example/"}`))
	c := client(t, ClientOptions{}, s)
	got, err := c.CreateConversation(t.Context(), NewConversation{ServiceURL: s.URL, TenantID: "t", MemberID: "29:1"})
	if diff := cmp.Diff(Conversation{ID: "a:1", ServiceURL: s.URL}, got); diff != "" || err != nil {
		t.Error(err, diff)
	}
	if _, err := c.CreateConversation(t.Context(), NewConversation{ServiceURL: s.URL, MemberID: "29:1"}); err != nil {
		t.Error(err)
	}
	bodies := []string{s.seen()[0].Body, s.seen()[1].Body}
	want := []string{
		`{"isGroup":false,"bot":{"id":"28:` + testAppID + `"},"members":[{"id":"29:1"}],"tenantId":"t","channelData":{"tenant":{"id":"t"}}}`,
		`{"isGroup":false,"bot":{"id":"28:` + testAppID + `"},"members":[{"id":"29:1"}]}`,
	}
	if diff := cmp.Diff(want, bodies); diff != "" || s.seen()[0].Path != "/v3/conversations" {
		t.Error(diff)
	}

	moved := newService(t, nil)
	moved.answers[0] = status(201, nil, `{"id":"a:1","serviceUrl":"`+moved.URL+`/emea/"}`)
	got, err = client(t, ClientOptions{}, moved).CreateConversation(t.Context(), NewConversation{ServiceURL: moved.URL, MemberID: "29:1"})
	if got.ServiceURL != moved.URL+"/emea/" || err != nil {
		t.Errorf("%+v %v", got, err)
	}
}

func TestReadsNeedTheirAnswer(t *testing.T) {
	t.Parallel()
	for name, body := range map[string]string{"empty": "", "HTML": "<html>", "a list": "[]", "endless": `{"id":"` + strings.Repeat("x", maxAnswer) + `"}`} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newService(t, status(200, nil, body))
			c := client(t, ClientOptions{}, s)
			_, err := c.Member(t.Context(), s.ref(), "29:1")
			wantError(t, err, Retryable, 200)
			_, err = c.CreateConversation(t.Context(), NewConversation{ServiceURL: s.URL, MemberID: "29:1"})
			wantError(t, err, Retryable, 200)
		})
	}
	s := newService(t, status(200, nil, "{}"))
	_, err := client(t, ClientOptions{}, s).CreateConversation(t.Context(), NewConversation{ServiceURL: s.URL, MemberID: "29:1"})
	wantError(t, err, Retryable, 200)
}

// The client beside the least that any program could do.
func BenchmarkSend(b *testing.B) {
	body := []byte(`{"type":"message","text":"` + strings.Repeat("x", 2000) + `"}`)
	s := newService(b, created("m1"))
	s.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		fmt.Fprint(w, `{"id":"m1"}`)
	})
	b.Run("client", func(b *testing.B) {
		c := client(b, ClientOptions{Tokens: newAuthority(b).tokens(b, newClock())}, s)
		b.RunParallel(func(pb *testing.PB) {
			for pb.Next() {
				if _, err := c.Send(context.Background(), s.ref(), body); err != nil {
					b.Error(err)
				}
			}
		})
	})
	b.Run("raw", func(b *testing.B) {
		plain := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 32}}
		b.RunParallel(func(pb *testing.PB) {
			for pb.Next() {
				response, err := plain.Post(s.URL, "application/json", strings.NewReader(string(body)))
				if err != nil {
					b.Error(err)
					return
				}
				_, _ = io.Copy(io.Discard, response.Body)
				response.Body.Close()
			}
		})
	})
}

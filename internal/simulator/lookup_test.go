package simulator

import "testing"

func TestEveryIDLeadsToItsPerson(t *testing.T) {
	t.Parallel()
	d := newDirectory(Options{Users: 3000, Seed: 3, SkypeShare: 0.1, AppID: "app"})
	for i := range d.users {
		p := d.person(i)
		find := map[string]func(string) (int, bool){p.UserID: d.byUserID, p.ConversationID: d.byConversationID}
		if !p.Skype() {
			find[p.ObjectID], find[p.UPN], find[d.graphChatID(i)] = d.byObjectID, d.byUPN, d.byConversationID
		} else {
			delete(find, p.UserID) // is the conversation's id as well
			find[p.UserID] = d.byUserID
		}
		for id, by := range find {
			if got, ok := by(id); !ok || got != i {
				t.Fatalf("%q leads to %d (%v), want %d", id, got, ok, i)
			}
			if _, ok := by(id + "x"); ok {
				t.Fatalf("%q with a letter more is found", id)
			}
			if _, ok := by(id[:len(id)-1]); ok {
				t.Fatalf("%q with a letter less is found", id)
			}
		}
	}
}

func TestIDsOfNobody(t *testing.T) {
	t.Parallel()
	d := newDirectory(Options{Users: 10, Seed: 3, AppID: "app"})
	larger := newDirectory(Options{Users: 20, Seed: 3, AppID: "app"})
	for _, id := range []string{"", "29:", "29:1", "29:1abc", "a:1", "a:1!!!!!!!!", "19:@unq.gbl.spaces", "@", "a@b", "x99999999999999999999@b",
		larger.userID(15), larger.objectID(15), larger.conversationID(15), larger.person(15).UPN, d.userID(-1)} {
		for name, by := range map[string]func(string) (int, bool){
			"user": d.byUserID, "object": d.byObjectID, "UPN": d.byUPN, "conversation": d.byConversationID,
		} {
			if i, ok := by(id); ok {
				t.Errorf("%s id %q leads to %d", name, id, i)
			}
		}
	}
}

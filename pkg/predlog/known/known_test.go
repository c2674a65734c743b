package known

import (
	"strings"
	"testing"

	"github.com/leadsman/leadsman/pkg/predlog/jq"
	"github.com/leadsman/leadsman/pkg/predlog/mapping"
)

// Every file says what it is for, and compiles, its condition too.
func TestAll(t *testing.T) {
	all := All()
	if len(all) < 12 {
		t.Fatalf("%d programs", len(all))
	}
	for _, f := range all {
		if f.Wrote == "" || f.Is == "" || f.Kind != mapping.Predictions && f.Kind != mapping.Requests {
			t.Errorf("%s: its head is %+v", f.Name, f)
		}
		if _, err := Program(f.Name, f.Kind); err != nil {
			t.Errorf("%s: %v", f.Name, err)
		}
		if _, err := jq.CompileCondition(f.Is); err != nil {
			t.Errorf("%s: is: %v", f.Name, err)
		}
	}
}

func TestFindNamesTheNearest(t *testing.T) {
	if _, err := Find("sagemakr"); err == nil || !strings.Contains(err.Error(), `(did you mean "sagemaker"?)`) {
		t.Errorf("got %v", err)
	}
	if _, err := Program("nginx", mapping.Predictions); err == nil || err.Error() != "nginx is a log of requests" {
		t.Errorf("got %v", err)
	}
}

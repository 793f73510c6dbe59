// A model, its rollouts, verdicts and one LUFFY step, from Go, by cgo.
//
//	cd examples/go && CGO_CFLAGS=-I../../include CGO_LDFLAGS="-L../../build/lib -lluffy" go build -o step .
//	LD_LIBRARY_PATH=../../build/lib ./step [MODEL]
//
// MODEL is a Hugging Face directory or a .gguf file; without it a tiny model is made from a seed.
package main

/*
#include <luffy.h>
#include <stdlib.h>

// Macros with arguments are not seen from Go.
static void init_sampling(luffy_generate_options *options) { luffy_generate_options_init(options); }
static void init_rollout(luffy_rollout *rollout) { luffy_rollout_init(rollout); }
static void init_group(luffy_group *group) { luffy_group_init(group); }
static void init_verdict(luffy_verdict *verdict) { luffy_verdict_init(verdict); }
*/
import "C"

import (
	"errors"
	"fmt"
	"os"
	"runtime"
	"unsafe"
)

const tinyModel = `{"model_type": "llama", "vocab_size": 32, "hidden_size": 32, "num_hidden_layers": 2,
	"num_attention_heads": 4, "num_key_value_heads": 2, "head_dim": 8, "intermediate_size": 64,
	"tie_word_embeddings": true, "initializer_range": 0.05, "eos_token_id": 1}`

const own = 7

// check makes an error of a status. The text belongs to the thread, which main has locked.
func check(status C.luffy_status) {
	if status != C.LUFFY_OK {
		panic(errors.New(C.GoString(C.luffy_last_error())))
	}
}

func verify(reference, response string) bool {
	a, b := C.CString(reference), C.CString(response)
	defer C.free(unsafe.Pointer(a))
	defer C.free(unsafe.Pointer(b))
	var verdict C.luffy_verdict
	C.init_verdict(&verdict)
	check(C.luffy_verify(a, C.size_t(len(reference)), b, C.size_t(len(response)), nil, &verdict, nil, 0))
	return verdict.status == C.LUFFY_VERDICT_RIGHT
}

func loadModel() *C.luffy_model {
	var model *C.luffy_model
	if len(os.Args) > 1 {
		path := C.CString(os.Args[1])
		defer C.free(unsafe.Pointer(path))
		check(C.luffy_model_load(path, nil, &model))
		return model
	}
	config := C.CString(tinyModel)
	defer C.free(unsafe.Pointer(config))
	check(C.luffy_model_create(config, 3, nil, &model))
	return model
}

// ids copies token ids into memory of C's, where structs may point to them.
func ids(values ...int32) *C.int32_t {
	memory := C.malloc(C.size_t(4 * len(values)))
	copy(unsafe.Slice((*int32)(memory), len(values)), values)
	return (*C.int32_t)(memory)
}

func main() {
	runtime.LockOSThread()
	fmt.Println("luffy", C.GoString(C.luffy_version_string()))
	if !verify("42", `The answer is \boxed{42}.`) || verify("42", `The answer is \boxed{41}.`) {
		panic("the verifier")
	}

	model := loadModel()
	defer C.luffy_model_destroy(model)
	prompt, trace := ids(5, 9, 4), ids(14, 23, 1)
	defer C.free(unsafe.Pointer(prompt))
	defer C.free(unsafe.Pointer(trace))

	var sampling C.luffy_generate_options
	C.init_sampling(&sampling)
	sampling.n, sampling.max_new_tokens = own, 8
	length := C.size_t(3)
	var rollouts *C.luffy_rollouts
	check(C.luffy_model_generate(model, prompt, &length, 1, &sampling, &rollouts))
	defer C.luffy_rollouts_destroy(rollouts)

	// The model's own responses, judged: 1 where one is the teacher's, else 0. Then the teacher's.
	memory := C.malloc(C.size_t(own+1) * C.size_t(unsafe.Sizeof(C.luffy_rollout{})))
	defer C.free(memory)
	members := unsafe.Slice((*C.luffy_rollout)(memory), own+1)
	for i := 0; i < own; i++ {
		C.init_rollout(&members[i])
		check(C.luffy_rollouts_get(rollouts, C.size_t(i), &members[i]))
		written := unsafe.Slice((*int32)(members[i].ids), int(members[i].length))
		fmt.Printf("rollout %d: %v\n", i, written)
		members[i].reward = 0
		if len(written) == 3 && written[0] == 14 && written[1] == 23 {
			members[i].reward = 1
		}
	}
	teacher := &members[own]
	C.init_rollout(teacher)
	teacher.source, teacher.ids, teacher.length, teacher.reward = C.LUFFY_SOURCE_OFF_POLICY, trace, 3, 1

	group := (*C.luffy_group)(C.malloc(C.size_t(unsafe.Sizeof(C.luffy_group{}))))
	defer C.free(unsafe.Pointer(group))
	C.init_group(group)
	group.prompt_ids, group.prompt_length = prompt, 3
	group.rollouts, group.rollout_count = &members[0], own+1

	var trainer *C.luffy_trainer
	check(C.luffy_trainer_create(model, nil, nil, nil, &trainer))
	defer C.luffy_trainer_destroy(trainer)
	var metrics *C.luffy_metrics
	check(C.luffy_trainer_step(trainer, group, 1, &metrics))
	defer C.luffy_metrics_destroy(metrics)
	name := C.CString("actor/grad_norm")
	defer C.free(unsafe.Pointer(name))
	var norm C.double
	check(C.luffy_metrics_find(metrics, name, &norm))
	fmt.Printf("one step: gradient norm %.4f\n", float64(norm))
	if norm <= 0 {
		panic("the step had no gradient")
	}
}

//! A model, its rollouts, verdicts and one LUFFY step, from Rust, with `extern "C"` and no generated bindings.
//!
//!     rustc -O examples/rust/01_luffy_step.rs -L build/lib -l luffy && LD_LIBRARY_PATH=build/lib ./01_luffy_step [MODEL]
//!
//! MODEL is a Hugging Face directory or a .gguf file; without it a tiny model is made from a seed.

use std::ffi::{c_char, c_void, CStr, CString};
use std::ptr;

type Status = i32;
type Pointer = *mut c_void;

/// `luffy_generate_options` of luffy.h.
#[repr(C)]
struct GenerateOptions {
    struct_size: u32,
    n: u32,
    max_new_tokens: u32,
    top_k: u32,
    temperature: f32,
    top_p: f32,
    seed: u64,
    step: u32,
    maximum_batch: u32,
    stop_ids: *const i32,
    stop_id_count: u64,
    kv_memory: u64,
}

/// `luffy_rollout`.
#[repr(C)]
#[derive(Clone, Copy)]
struct Rollout {
    struct_size: u32,
    source: i32,
    finish_reason: i32,
    reserved: u32,
    ids: *const i32,
    length: u64,
    logprobs: *const f32,
    behavior_logprobs: *const f32,
    prefix_length: i64,
    reward: f64,
    full_logprobs: *const f32,
    sampling: *const c_void,
}

/// `luffy_group`.
#[repr(C)]
struct Group {
    struct_size: u32,
    reserved: u32,
    prompt_ids: *const i32,
    prompt_length: u64,
    rollouts: *const Rollout,
    rollout_count: u64,
}

/// `luffy_verdict`.
#[repr(C)]
struct Verdict {
    struct_size: u32,
    status: i32,
    has_extracted: i32,
    reserved: u32,
    extracted_length: u64,
}

extern "C" {
    fn luffy_last_error() -> *const c_char;
    fn luffy_version_string() -> *const c_char;
    fn luffy_model_load(path: *const c_char, options: *const c_void, model: *mut Pointer) -> Status;
    fn luffy_model_create(config: *const c_char, seed: u64, options: *const c_void, model: *mut Pointer) -> Status;
    fn luffy_model_destroy(model: Pointer);
    fn luffy_generate_options_init_sized(options: *mut GenerateOptions, size: usize);
    fn luffy_rollout_init_sized(rollout: *mut Rollout, size: usize);
    fn luffy_group_init_sized(group: *mut Group, size: usize);
    fn luffy_verdict_init_sized(verdict: *mut Verdict, size: usize);
    fn luffy_model_generate(
        model: Pointer, ids: *const i32, lengths: *const usize, count: usize, options: *const GenerateOptions,
        rollouts: *mut Pointer,
    ) -> Status;
    fn luffy_rollouts_get(rollouts: Pointer, index: usize, rollout: *mut Rollout) -> Status;
    fn luffy_rollouts_destroy(rollouts: Pointer);
    fn luffy_verify(
        reference: *const c_char, reference_length: usize, response: *const c_char, response_length: usize,
        options: *const c_void, verdict: *mut Verdict, extracted: *mut c_char, capacity: usize,
    ) -> Status;
    fn luffy_trainer_create(
        model: Pointer, objective: *const c_void, options: *const c_void, reference: Pointer, trainer: *mut Pointer,
    ) -> Status;
    fn luffy_trainer_step(trainer: Pointer, groups: *const Group, count: usize, metrics: *mut Pointer) -> Status;
    fn luffy_trainer_destroy(trainer: Pointer);
    fn luffy_metrics_find(metrics: Pointer, name: *const c_char, value: *mut f64) -> Status;
    fn luffy_metrics_destroy(metrics: Pointer);
}

const TINY_MODEL: &str = r#"{"model_type": "llama", "vocab_size": 32, "hidden_size": 32, "num_hidden_layers": 2,
    "num_attention_heads": 4, "num_key_value_heads": 2, "head_dim": 8, "intermediate_size": 64,
    "tie_word_embeddings": true, "initializer_range": 0.05, "eos_token_id": 1}"#;
const OFF_POLICY: i32 = 1;
const OWN: usize = 7;

/// A failure of the library as a Rust error, with its text.
fn check(status: Status) -> Result<(), String> {
    if status == 0 {
        return Ok(());
    }
    // The text belongs to this thread until its next call.
    Err(unsafe { CStr::from_ptr(luffy_last_error()) }.to_string_lossy().into_owned())
}

/// A struct with the defaults of the library that runs.
fn made<T>(init: unsafe extern "C" fn(*mut T, usize)) -> T {
    let mut value = std::mem::MaybeUninit::<T>::zeroed();
    unsafe {
        init(value.as_mut_ptr(), std::mem::size_of::<T>());
        value.assume_init()
    }
}

fn verify(reference: &str, response: &str) -> Result<bool, String> {
    let mut verdict = made(luffy_verdict_init_sized);
    check(unsafe {
        luffy_verify(
            reference.as_ptr().cast(), reference.len(), response.as_ptr().cast(), response.len(), ptr::null(),
            &mut verdict, ptr::null_mut(), 0,
        )
    })?;
    Ok(verdict.status == 1)
}

fn model() -> Result<Pointer, String> {
    let mut model = ptr::null_mut();
    check(match std::env::args().nth(1) {
        Some(path) => {
            let path = CString::new(path).map_err(|error| error.to_string())?;
            unsafe { luffy_model_load(path.as_ptr(), ptr::null(), &mut model) }
        }
        None => {
            let config = CString::new(TINY_MODEL).map_err(|error| error.to_string())?;
            unsafe { luffy_model_create(config.as_ptr(), 3, ptr::null(), &mut model) }
        }
    })?;
    Ok(model)
}

fn main() -> Result<(), String> {
    println!("luffy {}", unsafe { CStr::from_ptr(luffy_version_string()) }.to_string_lossy());
    assert!(verify("42", "The answer is \\boxed{42}.")? && !verify("42", "The answer is \\boxed{41}.")?);

    let model = model()?;
    let (prompt, trace) = ([5, 9, 4], [14, 23, 1]);
    let mut sampling = made(luffy_generate_options_init_sized);
    sampling.n = OWN as u32;
    sampling.max_new_tokens = 8;
    let (mut rollouts, mut trainer, mut metrics) = (ptr::null_mut(), ptr::null_mut(), ptr::null_mut());
    let length = prompt.len();
    check(unsafe { luffy_model_generate(model, prompt.as_ptr(), &length, 1, &sampling, &mut rollouts) })?;

    // The model's own responses, judged: 1 where one is the teacher's, else 0. Then the teacher's.
    let mut members = Vec::new();
    for index in 0..OWN {
        let mut rollout = made(luffy_rollout_init_sized);
        check(unsafe { luffy_rollouts_get(rollouts, index, &mut rollout) })?;
        let ids = unsafe { std::slice::from_raw_parts(rollout.ids, rollout.length as usize) };
        println!("rollout {index}: {ids:?}");
        rollout.reward = f64::from(ids == trace);
        members.push(rollout);
    }
    let mut teacher = made(luffy_rollout_init_sized);
    (teacher.source, teacher.ids, teacher.length, teacher.reward) = (OFF_POLICY, trace.as_ptr(), 3, 1.0);
    members.push(teacher);

    let mut group = made(luffy_group_init_sized);
    (group.prompt_ids, group.prompt_length) = (prompt.as_ptr(), prompt.len() as u64);
    (group.rollouts, group.rollout_count) = (members.as_ptr(), members.len() as u64);
    check(unsafe { luffy_trainer_create(model, ptr::null(), ptr::null(), ptr::null_mut(), &mut trainer) })?;
    check(unsafe { luffy_trainer_step(trainer, &group, 1, &mut metrics) })?;
    let mut norm = 0.0;
    check(unsafe { luffy_metrics_find(metrics, c"actor/grad_norm".as_ptr(), &mut norm) })?;
    println!("one step: gradient norm {norm:.4}");

    unsafe {
        luffy_metrics_destroy(metrics);
        luffy_trainer_destroy(trainer);
        luffy_rollouts_destroy(rollouts);
        luffy_model_destroy(model);
    }
    if norm > 0.0 { Ok(()) } else { Err("the step had no gradient".into()) }
}

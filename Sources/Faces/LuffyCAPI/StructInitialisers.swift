import CLuffy

// luffy_x_init_sized() is what the header's luffy_x_init() is today: it is told the size of the caller's struct. The
// function luffy_x_init() itself serves programs that were compiled with 0.1.0, which had no macro of that name: it writes the
// struct of 0.1.0 and no more, for such a caller has no more. Structs that are younger have no such function.
// Each size is that of Tests/Faces/abi/luffy-0.1.0.h, and never changes.

@_cdecl("luffy_memory_stats_init") @implementation
public func luffy_memory_stats_init(_ stats: UnsafeMutablePointer<luffy_memory_stats_t>?) {
  luffy_memory_stats_t.initialize(stats, size: 32)
}

@_cdecl("luffy_memory_stats_init_sized") @implementation
public func luffy_memory_stats_init_sized(
  _ stats: UnsafeMutablePointer<luffy_memory_stats_t>?, _ size: Int
) {
  luffy_memory_stats_t.initialize(stats, size: size)
}

@_cdecl("luffy_model_options_init") @implementation
public func luffy_model_options_init(_ options: UnsafeMutablePointer<luffy_model_options>?) {
  luffy_model_options.initialize(options, size: 8)
}

@_cdecl("luffy_model_options_init_sized") @implementation
public func luffy_model_options_init_sized(
  _ options: UnsafeMutablePointer<luffy_model_options>?, _ size: Int
) {
  luffy_model_options.initialize(options, size: size)
}

@_cdecl("luffy_save_options_init_sized") @implementation
public func luffy_save_options_init_sized(
  _ options: UnsafeMutablePointer<luffy_save_options>?, _ size: Int
) {
  luffy_save_options.initialize(options, size: size)
}

@_cdecl("luffy_parameter_init") @implementation
public func luffy_parameter_init(_ parameter: UnsafeMutablePointer<luffy_parameter>?) {
  luffy_parameter.initialize(parameter, size: 56)
}

@_cdecl("luffy_parameter_init_sized") @implementation
public func luffy_parameter_init_sized(
  _ parameter: UnsafeMutablePointer<luffy_parameter>?, _ size: Int
) {
  luffy_parameter.initialize(parameter, size: size)
}

@_cdecl("luffy_sampling_record_init_sized") @implementation
public func luffy_sampling_record_init_sized(
  _ record: UnsafeMutablePointer<luffy_sampling_record>?, _ size: Int
) {
  luffy_sampling_record.initialize(record, size: size)
}

@_cdecl("luffy_rollout_init") @implementation
public func luffy_rollout_init(_ rollout: UnsafeMutablePointer<luffy_rollout>?) {
  luffy_rollout.initialize(rollout, size: 64)
}

@_cdecl("luffy_rollout_init_sized") @implementation
public func luffy_rollout_init_sized(_ rollout: UnsafeMutablePointer<luffy_rollout>?, _ size: Int) {
  luffy_rollout.initialize(rollout, size: size)
}

@_cdecl("luffy_generate_options_init") @implementation
public func luffy_generate_options_init(_ options: UnsafeMutablePointer<luffy_generate_options>?) {
  luffy_generate_options.initialize(options, size: 64)
}

@_cdecl("luffy_generate_options_init_sized") @implementation
public func luffy_generate_options_init_sized(
  _ options: UnsafeMutablePointer<luffy_generate_options>?, _ size: Int
) {
  luffy_generate_options.initialize(options, size: size)
}

@_cdecl("luffy_verify_options_init") @implementation
public func luffy_verify_options_init(_ options: UnsafeMutablePointer<luffy_verify_options>?) {
  luffy_verify_options.initialize(options, size: 72)
}

@_cdecl("luffy_verify_options_init_sized") @implementation
public func luffy_verify_options_init_sized(
  _ options: UnsafeMutablePointer<luffy_verify_options>?, _ size: Int
) {
  luffy_verify_options.initialize(options, size: size)
}

@_cdecl("luffy_verdict_init") @implementation
public func luffy_verdict_init(_ verdict: UnsafeMutablePointer<luffy_verdict>?) {
  luffy_verdict.initialize(verdict, size: 24)
}

@_cdecl("luffy_verdict_init_sized") @implementation
public func luffy_verdict_init_sized(_ verdict: UnsafeMutablePointer<luffy_verdict>?, _ size: Int) {
  luffy_verdict.initialize(verdict, size: size)
}

@_cdecl("luffy_row_init") @implementation
public func luffy_row_init(_ row: UnsafeMutablePointer<luffy_row>?) {
  luffy_row.initialize(row, size: 88)
}

@_cdecl("luffy_row_init_sized") @implementation
public func luffy_row_init_sized(_ row: UnsafeMutablePointer<luffy_row>?, _ size: Int) {
  luffy_row.initialize(row, size: size)
}

@_cdecl("luffy_trainer_options_init") @implementation
public func luffy_trainer_options_init(_ options: UnsafeMutablePointer<luffy_trainer_options>?) {
  luffy_trainer_options.initialize(options, size: 128)
}

@_cdecl("luffy_trainer_options_init_sized") @implementation
public func luffy_trainer_options_init_sized(
  _ options: UnsafeMutablePointer<luffy_trainer_options>?, _ size: Int
) {
  luffy_trainer_options.initialize(options, size: size)
}

@_cdecl("luffy_workload_init") @implementation
public func luffy_workload_init(_ workload: UnsafeMutablePointer<luffy_workload>?) {
  luffy_workload.initialize(workload, size: 64)
}

@_cdecl("luffy_workload_init_sized") @implementation
public func luffy_workload_init_sized(
  _ workload: UnsafeMutablePointer<luffy_workload>?, _ size: Int
) {
  luffy_workload.initialize(workload, size: size)
}

@_cdecl("luffy_plan_init") @implementation
public func luffy_plan_init(_ plan: UnsafeMutablePointer<luffy_plan_t>?) {
  luffy_plan_t.initialize(plan, size: 104)
}

@_cdecl("luffy_plan_init_sized") @implementation
public func luffy_plan_init_sized(_ plan: UnsafeMutablePointer<luffy_plan_t>?, _ size: Int) {
  luffy_plan_t.initialize(plan, size: size)
}

@_cdecl("luffy_group_init") @implementation
public func luffy_group_init(_ group: UnsafeMutablePointer<luffy_group>?) {
  luffy_group.initialize(group, size: 40)
}

@_cdecl("luffy_group_init_sized") @implementation
public func luffy_group_init_sized(_ group: UnsafeMutablePointer<luffy_group>?, _ size: Int) {
  luffy_group.initialize(group, size: size)
}

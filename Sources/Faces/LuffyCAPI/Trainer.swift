import CLuffy
import CLuffyHost
import LuffyModel
import LuffyObjective
import LuffyOptimizer
import LuffyRollout
import LuffyTrainer
import Synchronization

final class TrainerHandle: Handle {
  static let tag = UInt64(LUFFY_TRAINER_TAG)
  static let name = "luffy_trainer"

  let trainer: Trainer
  let model: ModelHandle
  let reference: ModelHandle?
  let cancellation = Cancellation()
  var cancellations: UnsafeMutablePointer<UInt64>? { cancellation.count }
  /// `trainer.step`, readable while a step runs.
  let steps: Atomic<UInt64>
  private let access = Access("trainer")

  init(_ trainer: Trainer, _ model: ModelHandle, _ reference: ModelHandle?) {
    self.trainer = trainer
    self.model = model
    self.reference = reference
    steps = Atomic(UInt64(trainer.step))
  }

  /// Alone with the trainer and its model, the reference model shared.
  func train(_ body: (Trainer, @escaping () -> Bool) throws -> StepMetrics) throws -> StepMetrics {
    let isCancelled = cancellation.watch()
    let metrics = try access.exclusive {
      try model.access.exclusive {
        guard let reference, reference !== model else { return try body(trainer, isCancelled) }
        return try reference.access.shared { try body(trainer, isCancelled) }
      }
    }
    steps.store(UInt64(trainer.step), ordering: .relaxed)
    return metrics
  }

  /// Alone with the trainer; its model is only read.
  func use<R>(_ body: (Trainer) throws -> R) throws -> R {
    try access.exclusive { try model.access.shared { try body(trainer) } }
  }
}

@_cdecl("luffy_trainer_create") @implementation
public func luffy_trainer_create(
  _ model: OpaquePointer?, _ objective: OpaquePointer?,
  _ options: UnsafePointer<luffy_trainer_options>?, _ reference: OpaquePointer?,
  _ trainer: UnsafeMutablePointer<OpaquePointer?>?
) -> luffy_status {
  call {
    let out = try require(trainer, "trainer")
    let model = try ModelHandle.require(model)
    let reference = reference == nil ? nil : try ModelHandle.require(reference)
    var named = NamedObjective.options(.luffy())
    if objective != nil {
      let handle = try ObjectiveHandle.require(objective)
      named = try handle.access.shared { handle.named }
    }
    let made = try Trainer(
      model.model, named: named,
      options: try luffy_trainer_options.read(options).trainerOptions(),
      reference: reference?.model)
    out.pointee = TrainerHandle(made, model, reference).makeHandle()
  }
}

@_cdecl("luffy_trainer_destroy") @implementation
public func luffy_trainer_destroy(_ trainer: OpaquePointer?) { TrainerHandle.destroy(trainer) }

@_cdecl("luffy_trainer_step") @implementation
public func luffy_trainer_step(
  _ trainer: OpaquePointer?, _ groups: UnsafePointer<luffy_group>?, _ count: Int,
  _ metrics: UnsafeMutablePointer<OpaquePointer?>?
) -> luffy_status {
  call {
    let handle = try TrainerHandle.require(trainer)
    let groups = try luffy_group.groups(groups, count)
    let result = try handle.train { try $0.step(groups, isCancelled: $1) }
    metrics?.pointee = MetricsHandle(result.present).makeHandle()
  }
}

@_cdecl("luffy_trainer_sft_step") @implementation
public func luffy_trainer_sft_step(
  _ trainer: OpaquePointer?, _ groups: UnsafePointer<luffy_group>?, _ count: Int,
  _ metrics: UnsafeMutablePointer<OpaquePointer?>?
) -> luffy_status {
  call {
    let handle = try TrainerHandle.require(trainer)
    let examples = try luffy_group.groups(groups, count).flatMap { group in
      group.members.map { (prompt: group.promptIDs, response: $0.ids) }
    }
    let result = try handle.train { try $0.supervisedStep(examples, isCancelled: $1) }
    metrics?.pointee = MetricsHandle(result.present).makeHandle()
  }
}

@_cdecl("luffy_trainer_lr") @implementation
public func luffy_trainer_lr(
  _ trainer: OpaquePointer?, _ lr: UnsafeMutablePointer<Double>?
) -> luffy_status {
  call {
    let handle = try TrainerHandle.require(trainer)
    let out = try require(lr, "lr")
    out.pointee = try handle.use(\.learningRate)
  }
}

@_cdecl("luffy_trainer_set_lr") @implementation
public func luffy_trainer_set_lr(_ trainer: OpaquePointer?, _ lr: Double) -> luffy_status {
  call { try TrainerHandle.require(trainer).use { try $0.setLearningRate(lr) } }
}

@_cdecl("luffy_trainer_steps") @implementation
public func luffy_trainer_steps(_ trainer: OpaquePointer?) -> UInt64 {
  TrainerHandle.find(trainer)?.steps.load(ordering: .relaxed) ?? 0
}

@_cdecl("luffy_trainer_model") @implementation
public func luffy_trainer_model(
  _ trainer: OpaquePointer?, _ model: UnsafeMutablePointer<OpaquePointer?>?
) -> luffy_status {
  call {
    let handle = try TrainerHandle.require(trainer)
    try require(model, "model").pointee = handle.model.makeHandle()
  }
}

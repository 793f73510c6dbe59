import CLuffy
import LuffyTrainer

@_cdecl("luffy_trainer_set_user_state") @implementation
public func luffy_trainer_set_user_state(
  _ trainer: OpaquePointer?, _ bytes: UnsafeRawPointer?, _ length: Int
) -> luffy_status {
  call {
    let handle = try TrainerHandle.require(trainer)
    let given = try array(bytes?.assumingMemoryBound(to: UInt8.self), length, "bytes")
    try Memory.expect(given.count, times: 1)
    let state = Array(given)
    try handle.use { $0.userState = state }
  }
}

@_cdecl("luffy_trainer_user_state") @implementation
public func luffy_trainer_user_state(
  _ trainer: OpaquePointer?, _ bytes: UnsafeMutableRawPointer?, _ capacity: Int,
  _ length: UnsafeMutablePointer<Int>?
) -> luffy_status {
  call {
    let state = try TrainerHandle.require(trainer).use(\.userState)
    try give(state, bytes?.assumingMemoryBound(to: UInt8.self), capacity, length)
  }
}

@_cdecl("luffy_trainer_save") @implementation
public func luffy_trainer_save(
  _ trainer: OpaquePointer?, _ directory: UnsafePointer<CChar>?
) -> luffy_status {
  call {
    let handle = try TrainerHandle.require(trainer)
    let directory = try text(directory, "directory")
    try handle.use { try $0.save(directory) }
  }
}

@_cdecl("luffy_trainer_load") @implementation
public func luffy_trainer_load(
  _ directory: UnsafePointer<CChar>?, _ reference: OpaquePointer?,
  _ trainer: UnsafeMutablePointer<OpaquePointer?>?
) -> luffy_status {
  call {
    let out = try require(trainer, "trainer")
    let reference = reference == nil ? nil : try ModelHandle.require(reference)
    let loaded = try Trainer.load(try text(directory, "directory"), reference: reference?.model)
    out.pointee = TrainerHandle(loaded, ModelHandle(loaded.model), reference).makeHandle()
  }
}

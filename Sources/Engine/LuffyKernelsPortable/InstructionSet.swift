import CLuffySIMD

let isa = Int32(LUFFY_ISA_PORTABLE)

module luffy-step

go 1.19

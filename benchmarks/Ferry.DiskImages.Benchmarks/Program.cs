using BenchmarkDotNet.Running;

// The inner loops of the disk library: dotnet run -c Release --project benchmarks/Ferry.DiskImages.Benchmarks -- --filter '*' --job short
BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);

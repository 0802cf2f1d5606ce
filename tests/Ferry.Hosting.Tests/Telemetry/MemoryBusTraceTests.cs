namespace Ferry.Hosting.Tests.Telemetry;

/// <summary>On the in-memory bus.</summary>
public sealed class MemoryBusTraceTests : TraceTests;

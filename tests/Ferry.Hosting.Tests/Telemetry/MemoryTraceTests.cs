using Ferry.Hosting.Tests.Support;

namespace Ferry.Hosting.Tests.Telemetry;

/// <summary>On the in-memory bus and SQLite.</summary>
public sealed class MemoryTraceTests() : TraceTests(new Transport());

namespace Ferry.EndToEnd.Tests.Distributed;

/// <summary>A span as it was exported.</summary>
public sealed record ReceivedSpan(string Service, string Name, string TraceId, string SpanId, string ParentSpanId);

namespace Ferry.Hosting.Tests.Support;

/// <summary>An event, its id and the trace it came in.</summary>
internal sealed record Recorded<T>(T Message, Guid MessageId, string? TraceId);

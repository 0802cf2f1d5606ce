namespace Ferry.EndToEnd.Tests.Distributed;

/// <summary>A metric as it was exported.</summary>
public sealed record ReceivedMetric(string Service, string Name, string Unit);

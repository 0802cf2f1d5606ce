using System.Collections.Concurrent;
using System.Net;
using Google.Protobuf;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Ferry.EndToEnd.Tests.Distributed;

/// <summary>An OpenTelemetry collector's front door: takes spans and metrics over OTLP/HTTP (opentelemetry-proto, trace/v1/trace.proto and metrics/v1/metrics.proto) and keeps what the tests look at.</summary>
public sealed class OtlpReceiver : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly ConcurrentQueue<ReceivedSpan> spans = new();
    private readonly ConcurrentDictionary<ReceivedMetric, bool> metrics = new();
    private readonly ConcurrentDictionary<(string Metric, string TraceId), bool> exemplars = new();

    private OtlpReceiver(WebApplication app) => this.app = app;

    /// <summary>Where to send to (<c>OTEL_EXPORTER_OTLP_ENDPOINT</c>).</summary>
    public string Endpoint => app.Urls.Single();

    /// <summary>Everything received so far.</summary>
    public IReadOnlyList<ReceivedSpan> Spans => [.. spans];

    /// <summary>The metrics received so far, each once.</summary>
    public IReadOnlyCollection<ReceivedMetric> Metrics => [.. metrics.Keys];

    /// <summary>Traces that exemplars of histograms link to, with the name of the metric, each once.</summary>
    public IReadOnlyCollection<(string Metric, string TraceId)> Exemplars => [.. exemplars.Keys];

    /// <summary>Starts on a free loopback port.</summary>
    public static async Task<OtlpReceiver> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var receiver = new OtlpReceiver(builder.Build());
        receiver.app.MapPost("/v1/traces", (HttpRequest request) => TakeAsync(request, receiver.ReadSpans));
        receiver.app.MapPost("/v1/metrics", (HttpRequest request) => TakeAsync(request, receiver.ReadMetrics));
        receiver.app.MapPost("/{**other}", () => Results.Ok());
        await receiver.app.StartAsync();
        return receiver;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await app.DisposeAsync();

    private static async Task<IResult> TakeAsync(HttpRequest request, Action<byte[]> read)
    {
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body);
        read(body.ToArray());
        return Results.Bytes([], "application/x-protobuf");
    }

    // ExportTraceServiceRequest.resource_spans = 1; ResourceSpans: resource = 1, scope_spans = 2; ScopeSpans.spans = 2.
    private void ReadSpans(byte[] message)
    {
        foreach (var resourceSpans in Fields(message, 1))
        {
            var service = Service(resourceSpans);
            foreach (var span in Fields(resourceSpans, 2).SelectMany(scope => Fields(scope, 2)))
            {
                // Span: trace_id = 1, span_id = 2, parent_span_id = 4, name = 5.
                spans.Enqueue(new ReceivedSpan(
                    service, Text(span, 5), Hex(span, 1), Hex(span, 2), Hex(span, 4)));
            }
        }
    }

    // ExportMetricsServiceRequest.resource_metrics = 1; ResourceMetrics: resource = 1, scope_metrics = 2; ScopeMetrics.metrics = 2; Metric: name = 1, unit = 3.
    private void ReadMetrics(byte[] message)
    {
        foreach (var resourceMetrics in Fields(message, 1))
        {
            foreach (var metric in Fields(resourceMetrics, 2).SelectMany(scope => Fields(scope, 2)))
            {
                metrics.TryAdd(new ReceivedMetric(Service(resourceMetrics), Text(metric, 1), Text(metric, 3)), true);

                // Metric: histogram = 9; Histogram: data_points = 1; HistogramDataPoint: exemplars = 8; Exemplar: trace_id = 5.
                foreach (var exemplar in Fields(metric, 9).SelectMany(histogram => Fields(histogram, 1)).SelectMany(point => Fields(point, 8)))
                {
                    exemplars.TryAdd((Text(metric, 1), Hex(exemplar, 5)), true);
                }
            }
        }
    }

    private static string Service(byte[] resourceSignals) => Fields(resourceSignals, 1).SelectMany(resource => Fields(resource, 1)).Select(Attribute)
        .FirstOrDefault(attribute => attribute.Key == "service.name").Value ?? "";

    // KeyValue: key = 1, value = 2; AnyValue.string_value = 1.
    private static (string Key, string Value) Attribute(byte[] keyValue) =>
        (Text(keyValue, 1), string.Concat(Fields(keyValue, 2).Select(value => Text(value, 1))));

    private static string Text(byte[] message, int field) => System.Text.Encoding.UTF8.GetString(Fields(message, field).FirstOrDefault() ?? []);

    private static string Hex(byte[] message, int field) => Convert.ToHexStringLower(Fields(message, field).FirstOrDefault() ?? []);

    private static List<byte[]> Fields(byte[] message, int field)
    {
        var found = new List<byte[]>();
        var input = new CodedInputStream(message);
        for (var tag = input.ReadTag(); tag != 0; tag = input.ReadTag())
        {
            if (WireFormat.GetTagFieldNumber(tag) == field && WireFormat.GetTagWireType(tag) == WireFormat.WireType.LengthDelimited)
            {
                found.Add(input.ReadBytes().ToByteArray());
            }
            else
            {
                input.SkipLastField();
            }
        }

        return found;
    }
}

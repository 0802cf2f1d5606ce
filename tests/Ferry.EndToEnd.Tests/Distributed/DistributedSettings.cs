using System.Globalization;
using Ferry.TestServices;

namespace Ferry.EndToEnd.Tests.Distributed;

/// <summary>What every service of a distributed run is told.</summary>
internal static class DistributedSettings
{
    /// <summary>The settings; <paramref name="others"/> go before.</summary>
    public static Dictionary<string, string?> Of(
        RabbitMqServer rabbit, MongoServer mongo, OtlpReceiver telemetry, string chunks, string scratch, IReadOnlyDictionary<string, string?> others)
    {
        var settings = new Dictionary<string, string?>
        {
            ["Ferry__Bus__Kind"] = "rabbitmq",
            ["Ferry__Bus__Uri"] = rabbit.Uri.AbsoluteUri,
            ["Ferry__Store__Kind"] = "mongodb",
            ["Ferry__Store__ConnectionString"] = mongo.ConnectionString,
            ["Ferry__Store__Database"] = mongo.Database,
            ["Ferry__Chunks__Path"] = chunks,
            ["Ferry__Jobs__LeaseSeconds"] = "3",
            ["Ferry__Jobs__RenewSeconds"] = "1",
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = telemetry.Endpoint,
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
            ["OTEL_BSP_SCHEDULE_DELAY"] = "500",
            ["OTEL_METRIC_EXPORT_INTERVAL"] = "1000",
            ["Ferry__Transfer__MaxSliceChunks"] = DistributedFerry.MostSliceChunks.ToString(CultureInfo.InvariantCulture),
            ["Fixup__Appliance__ScratchRoot"] = scratch,
            ["LIBGUESTFS_BACKEND"] = "direct",
        };
        foreach (var (name, value) in others)
        {
            settings[name] = value;
        }

        return settings;
    }
}

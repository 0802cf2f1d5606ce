using Ferry.Contracts.Cleanup;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Ferry.Hosting.Tests.Support;

internal static class TestHostExtensions
{
    /// <summary>Those of a conversion.</summary>
    public static IReadOnlyList<Recorded<ConversionCleanedUp>> Of(this Recorder<ConversionCleanedUp> recorder, Guid conversion) =>
        [.. recorder.All.Where(done => done.Message.ConversionId == conversion)];

    /// <summary>Records the events of a type.</summary>
    public static void Record<T>(this IHostApplicationBuilder builder) where T : class
    {
        builder.Services.AddSingleton<Recorder<T>>();
        builder.AddBusParticipant(bus => bus.AddConsumer<RecordingConsumer<T>, RecordingConsumerDefinition<T>>());
    }
}

using System.Globalization;
using Ferry.Contracts.Conversions;

namespace Ferry.Cli.Output;

/// <summary>Rate and time left of each disk, from the progress seen so far; smoothed over some seconds.</summary>
internal sealed class RateMeter(TimeProvider time)
{
    private const double Smoothing = 0.3;

    private readonly Dictionary<(string Step, int? Disk), (long At, long Bytes, double Rate)> seen = [];

    public void Update(IEnumerable<DiskProgress> progress)
    {
        foreach (var disk in progress)
        {
            var key = (disk.Step, disk.Disk);
            if (!seen.TryGetValue(key, out var last))
            {
                seen[key] = (time.GetTimestamp(), disk.BytesDone, 0);
            }
            else if (disk.BytesDone > last.Bytes)
            {
                var seconds = Math.Max(0.001, time.GetElapsedTime(last.At).TotalSeconds);
                var rate = (disk.BytesDone - last.Bytes) / seconds;
                seen[key] = (time.GetTimestamp(), disk.BytesDone, last.Rate <= 0 ? rate : (Smoothing * rate) + ((1 - Smoothing) * last.Rate));
            }
        }
    }

    /// <summary>Bytes a second, 0 when not known yet.</summary>
    public double RateOf(DiskProgress disk) => seen.TryGetValue((disk.Step, disk.Disk), out var last) ? last.Rate : 0;

    /// <summary>The disk's progress in a line.</summary>
    public string Describe(DiskProgress disk)
    {
        var name = disk.Disk is { } index ? string.Create(CultureInfo.InvariantCulture, $"{disk.Step} disk {index}") : disk.Step;
        if (disk.WaitingFor is { } waiting)
        {
            return $"{name}: waits for {waiting.Reason}: {waiting.Detail}";
        }

        if (disk.BytesTotal <= 0)
        {
            return $"{name}: {disk.Activity ?? "working"}";
        }

        var rate = RateOf(disk);
        var left = rate > 0 ? $", {Units.Bytes(rate)}/s, {Units.Duration(TimeSpan.FromSeconds((disk.BytesTotal - disk.BytesDone) / rate))} left" : "";
        return $"{name}: {Units.Bytes(disk.BytesDone)} of {Units.Bytes(disk.BytesTotal)}{left}";
    }
}

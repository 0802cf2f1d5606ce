namespace Ferry.Capture.Tests;

/// <summary>Seeded damage to a valid file.</summary>
internal static class Fuzz
{
    public static byte[] Mutate(byte[] seed, Random random)
    {
        var bytes = new List<byte>(seed);
        for (var n = random.Next(1, 8); n > 0; n--)
        {
            var at = random.Next(bytes.Count);
            switch (random.Next(5))
            {
                case 0:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 1:
                    bytes.RemoveRange(at, Math.Min(bytes.Count - at - (at == 0 ? 1 : 0), random.Next(1, 20)));
                    break;
                case 2:
                    bytes.Insert(at, "\"=|./\\:0<>&\n\0"u8[random.Next(13)]);
                    break;
                case 3:
                    bytes.InsertRange(random.Next(bytes.Count), bytes.GetRange(at, Math.Min(bytes.Count - at, random.Next(1, 60))));
                    break;
                default:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
            }
        }

        return [.. bytes];
    }
}

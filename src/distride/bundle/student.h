
/* Working memory of one window; may be static, and shared by students that take turns. */
typedef struct {
    float inputs[DISTRIDE_MAPS][DISTRIDE_SAMPLES];
    float hidden[2][DISTRIDE_STEPS][DISTRIDE_WIDTH];
    float column[DISTRIDE_WIDTH];
    float sizes[2 * DISTRIDE_MAPS];
    float features[4 * DISTRIDE_WIDTH];
} distride_memory;

static inline float distride_mean(const float *x, int count)
{
    float sum = 0.0f;
    for (int i = 0; i < count; i++)
        sum += x[i];
    return sum / (float)count;
}

static inline float distride_dot(const float *a, const float *b, int count)
{
    float sum = 0.0f;
    for (int i = 0; i < count; i++)
        sum += a[i] * b[i];
    return sum;
}

/* Each channel by what training athletes were like; what is unknown becomes 0, the mean. */
static inline void distride_scale(const float *window, distride_memory *m)
{
    for (int c = 0; c < DISTRIDE_CHANNELS; c++) {
        float *x = m->inputs[c];
        for (int t = 0; t < DISTRIDE_SAMPLES; t++) {
            float z = (window[c * DISTRIDE_SAMPLES + t] - distride_mean_of[c]) / distride_scale_of[c];
            x[t] = isnan(z) ? 0.0f : fminf(fmaxf(z, -DISTRIDE_CLIP), DISTRIDE_CLIP);
        }
        if (!DISTRIDE_POSTURE) {
            float mean = distride_mean(x, DISTRIDE_SAMPLES);
            for (int t = 0; t < DISTRIDE_SAMPLES; t++)
                x[t] -= mean;
        }
    }
}

/* The length of each sensor's vector, which no turning of the device changes. */
static inline void distride_lengths(distride_memory *m)
{
    for (int k = DISTRIDE_CHANNELS; k < DISTRIDE_MAPS; k++) {
        const int *axes = distride_triads + 3 * (k - DISTRIDE_CHANNELS);
        const float *x = m->inputs[axes[0]], *y = m->inputs[axes[1]], *z = m->inputs[axes[2]];
        for (int t = 0; t < DISTRIDE_SAMPLES; t++)
            m->inputs[k][t] =
                sqrtf(x[t] * x[t] + y[t] * y[t] + z[t] * z[t] + DISTRIDE_LENGTH_FLOOR_SQUARED);
    }
}

/* What one input map adds to the stem: `weights` is (kernel, width). */
static inline void distride_stem_map(const float *x, const float *weights, distride_memory *m)
{
    for (int s = 0; s < DISTRIDE_STEPS; s++)
        for (int k = 0; k < DISTRIDE_STEM_KERNEL; k++) {
            int t = s * DISTRIDE_STRIDE + k - DISTRIDE_STEM_KERNEL / 2;
            if (t < 0 || t >= DISTRIDE_SAMPLES)
                continue;
            for (int o = 0; o < DISTRIDE_WIDTH; o++)
                m->hidden[0][s][o] += weights[k * DISTRIDE_WIDTH + o] * x[t];
        }
}

/* Every map goes in as it is and then, in its place, normalised by its own window. */
static inline void distride_stem(distride_memory *m)
{
    const int each = DISTRIDE_STEM_KERNEL * DISTRIDE_WIDTH;
    for (int s = 0; s < DISTRIDE_STEPS; s++)
        memcpy(m->hidden[0][s], distride_stem_bias, sizeof m->hidden[0][s]);
    for (int k = 0; k < DISTRIDE_MAPS; k++) {
        float *x = m->inputs[k], mean = distride_mean(x, DISTRIDE_SAMPLES), variance, deviation;
        distride_stem_map(x, distride_stem_weight + k * each, m);
        m->sizes[k] = mean;
        for (int t = 0; t < DISTRIDE_SAMPLES; t++)
            x[t] -= mean;
        mean = distride_mean(x, DISTRIDE_SAMPLES); /* what rounding left */
        for (int t = 0; t < DISTRIDE_SAMPLES; t++)
            x[t] -= mean;
        variance = distride_dot(x, x, DISTRIDE_SAMPLES) / (float)DISTRIDE_SAMPLES;
        deviation = sqrtf(variance + DISTRIDE_DEVIATION_FLOOR_SQUARED);
        m->sizes[DISTRIDE_MAPS + k] = logf(deviation);
        for (int t = 0; t < DISTRIDE_SAMPLES; t++)
            x[t] /= deviation;
        distride_stem_map(x, distride_stem_weight + (DISTRIDE_MAPS + k) * each, m);
    }
    for (int s = 0; s < DISTRIDE_STEPS; s++)
        for (int o = 0; o < DISTRIDE_WIDTH; o++)
            m->hidden[0][s][o] = fmaxf(m->hidden[0][s][o], 0.0f);
}

/* Depthwise in time, pointwise across maps, added to what came in. */
static inline void distride_block(int block, distride_memory *m)
{
    const float *depthwise = distride_depthwise + block * DISTRIDE_KERNEL * DISTRIDE_WIDTH;
    const float *pointwise = distride_pointwise + block * DISTRIDE_WIDTH * DISTRIDE_WIDTH;
    const float *bias = distride_pointwise_bias + block * DISTRIDE_WIDTH;
    float(*in)[DISTRIDE_WIDTH] = m->hidden[block % 2];
    float(*out)[DISTRIDE_WIDTH] = m->hidden[(block + 1) % 2];
    for (int s = 0; s < DISTRIDE_STEPS; s++) {
        memset(m->column, 0, sizeof m->column);
        for (int k = 0; k < DISTRIDE_KERNEL; k++) {
            int t = s + (k - DISTRIDE_KERNEL / 2) * distride_dilations[block];
            if (t < 0 || t >= DISTRIDE_STEPS)
                continue;
            for (int o = 0; o < DISTRIDE_WIDTH; o++)
                m->column[o] += depthwise[k * DISTRIDE_WIDTH + o] * in[t][o];
        }
        for (int o = 0; o < DISTRIDE_WIDTH; o++) {
            const float *row = pointwise + o * DISTRIDE_WIDTH;
            out[s][o] = fmaxf(distride_dot(row, m->column, DISTRIDE_WIDTH) + bias[o] + in[s][o], 0.0f);
        }
    }
}

/* Of each map its mean, its maximum, softly the share of time it is positive; then the sizes. */
static inline void distride_pool(distride_memory *m)
{
    float(*maps)[DISTRIDE_WIDTH] = m->hidden[DISTRIDE_BLOCKS % 2];
    for (int o = 0; o < DISTRIDE_WIDTH; o++) {
        const float *row = distride_positive + o * DISTRIDE_WIDTH;
        const float *size = distride_size + o * 2 * DISTRIDE_MAPS;
        float sum = 0.0f, most = maps[0][o], share = 0.0f;
        for (int s = 0; s < DISTRIDE_STEPS; s++) {
            float z = distride_dot(row, maps[s], DISTRIDE_WIDTH) + distride_positive_bias[o];
            sum += maps[s][o];
            most = fmaxf(most, maps[s][o]);
            share += 1.0f / (1.0f + expf(-z));
        }
        m->features[o] = sum / (float)DISTRIDE_STEPS;
        m->features[DISTRIDE_WIDTH + o] = most;
        m->features[2 * DISTRIDE_WIDTH + o] = share / (float)DISTRIDE_STEPS;
        m->features[3 * DISTRIDE_WIDTH + o] =
            fmaxf(distride_dot(size, m->sizes, 2 * DISTRIDE_MAPS) + distride_size_bias[o], 0.0f);
    }
}

/* Scores of every task, one after the other: a class's confidence is their softmax in its task.
 * `window` is (channel, sample) in SI units, NaN where unknown; `scores` has DISTRIDE_OUTPUTS. */
static inline void distride_scores(const float *window, distride_memory *m, float *scores)
{
    distride_scale(window, m);
    distride_lengths(m);
    distride_stem(m);
    for (int block = 0; block < DISTRIDE_BLOCKS; block++)
        distride_block(block, m);
    distride_pool(m);
    for (int o = 0; o < DISTRIDE_OUTPUTS; o++)
        scores[o] = distride_head_bias[o] +
                    distride_dot(distride_head + o * 4 * DISTRIDE_WIDTH, m->features, 4 * DISTRIDE_WIDTH);
}

#endif

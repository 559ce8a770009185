"""Terms of a likelihood: one kind of data each, compared with a prediction.

==============  ====================================================================
`poisson`       counts in bins, the expectation known but for the parameters
`normal`        numbers with Gaussian errors, independent or with a covariance
`unbinned`      single events and the density from which they come
`on_off`        counts beside a control region that measures the background of each bin
`subtracted`    counts whose expectation is off by one unknown part in each group of bins
==============  ====================================================================
"""

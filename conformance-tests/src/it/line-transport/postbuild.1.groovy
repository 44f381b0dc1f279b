new dev.tributary.conformance.SampleBuild(basedir, page).theLawsHold()

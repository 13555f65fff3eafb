# Every command is a module of scripts/ttcs_setup; "make help" lists them.
SETUP := PYTHONPATH=scripts python3 -m ttcs_setup

.PHONY: help run test soak bench lint clean
help:
	@$(SETUP) help
run test soak bench lint clean:
	@$(SETUP) $@ $(ARGS)
